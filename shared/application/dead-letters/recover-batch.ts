import type { DomainEvent } from '../../domain/events/domain-event.ts';
import type { DeadLetter, DeadLetterQueue } from './dead-letter-queue.ts';
import { type BatchProgress, type FailedBatch, hasProgress, withProgress } from './failed-batch.ts';
import type { BatchReader } from './read-failed-batch.ts';
import type { RedriveBudget } from './redrive-budget.ts';

interface Dependencies {
  readonly readBatch: BatchReader;
  /** Publishes one event at the rate of the request. Returns whether EventBridge refuses its content. */
  readonly isRefused: (event: DomainEvent) => Promise<boolean>;
  readonly deadLetters: DeadLetterQueue;
  readonly budget: RedriveBudget;
}

/** How far a batch is recovered. */
interface BatchRecovery {
  readonly state: 'completed' | 'continued' | 'refused';
  /** How many events this request published. */
  readonly published: number;
  /** The ids of the events that EventBridge refused, also in earlier requests. */
  readonly refused: readonly string[];
  /** Whether the batch has another message now. */
  readonly isReplaced: boolean;
}

/**
 * Publishes the events of a batch that the relay gave up, until the budget of the request is spent, or EventBridge
 * does not accept one. Then it stores in the message what is done, and the next request goes on from there.
 *
 * Deletes the message of a completed batch. That of a batch with a refused event stays, without progress, so that
 * the next redrive publishes all its events.
 */
export const recoverBatch = async (
  message: DeadLetter,
  batch: FailedBatch,
  { readBatch, isRefused, deadLetters, budget }: Dependencies,
): Promise<BatchRecovery> => {
  const refused = [...batch.progress.refused];
  let published = 0;
  let progress: BatchProgress | undefined;
  let isSpent = false;
  const store = (stored?: BatchProgress) =>
    deadLetters.replace(message, withProgress(message.body, stored));
  try {
    for await (const { events, done } of readBatch(batch, budget.countPage)) {
      for (const event of events) {
        budget.countCalls(1);
        if (await isRefused(event)) refused.push(event.id);
        else published += 1;
      }
      // A copy: an event of the next step may be refused, and the step not be done.
      progress = { ...done, refused: [...refused] };
      isSpent = !budget.covers(1);
      if (isSpent) break;
    }
  } catch (error) {
    if (progress) await store(progress).catch(() => undefined);
    throw error;
  }
  if (isSpent) {
    await store(progress);

    return { state: 'continued', published, refused, isReplaced: true };
  }
  if (refused.length === 0) {
    await deadLetters.delete(message);

    return { state: 'completed', published, refused, isReplaced: false };
  }
  const isReplaced = hasProgress(batch);
  if (isReplaced) await store();

  return { state: 'refused', published, refused, isReplaced };
};
