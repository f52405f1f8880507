import type { MessageClassifier } from './classify-message.ts';
import { type DeadLetterSource, type RedriveResult, toRedriveResult } from './redrive.ts';

/** One queue of dead letters as it is now. */
export interface QueueReport {
  readonly consumer: string;
  /** Roughly, as SQS counts. */
  readonly depth: number;
  /** ISO 8601, of the sample. */
  readonly oldestSentAt?: string;
  readonly sample: Omit<RedriveResult, 'outcome'>[];
}

/** Looks at every queue and takes nothing out: how many letters, since when, and what the first of them are. */
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
