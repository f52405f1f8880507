import type { MessageClassifier } from './classify-message.ts';
import { type DeadLetterSource, type RedriveResult, toRedriveResult } from './redrive.ts';

/** The current state of one dead-letter queue. */
export interface QueueReport {
  readonly consumer: string;
  /** The approximate number of messages. */
  readonly depth: number;
  /** ISO 8601: the oldest message of the sample. */
  readonly oldestSentAt?: string;
  readonly sample: Omit<RedriveResult, 'outcome'>[];
}

/** Reports the depth and a classified sample of every queue. All messages stay in their queues. */
export const inspectQueues = (
  sources: readonly DeadLetterSource[],
  classifyMessage: MessageClassifier,
  limit: number,
): Promise<readonly QueueReport[]> =>
  Promise.all(
    sources.map(async ({ consumer, deadLetters }) => {
      const depth = await deadLetters.depth();
      if (depth === 0) return { consumer, depth, sample: [] };
      const messages = await deadLetters.receive(limit);
      const classified = await Promise.all(
        messages.map((message) => classifyMessage(consumer, message)),
      ).finally(() => deadLetters.returnToQueue(messages));
      const oldestSentAt = messages.map(({ sentAt }) => sentAt).sort()[0];
      const sample = classified.map((item) => {
        const { outcome, ...rest } = toRedriveResult(item, 'skipped');

        return rest;
      });

      return { consumer, depth, ...(oldestSentAt && { oldestSentAt }), sample };
    }),
  );
