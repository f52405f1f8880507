import { setTimeout as wait } from 'node:timers/promises';
import { classOf } from '../../config/dynamodb-errors.ts';
import { Outage } from '../../domain/errors.ts';
import { measure } from '../../observability/metrics.ts';

/** The retry policy; what is left out has its default. */
export interface Patience {
  readonly tries?: number;
  /** After so long there is no further try. */
  readonly withinMs?: number;
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  readonly random?: () => number;
}

/** Exponential backoff with full jitter: up to 50 ms after the first try, 100 ms after the second one. */
export const backoff = (
  tried: number,
  { pause = wait, random = Math.random }: Patience = {},
): Promise<unknown> => pause(random() * 25 * 2 ** tried);

/**
 * Sends a call to DynamoDB, and sends it again after each error that is documented as temporary; an Outage after the last try, or when the
 * time for tries has passed. Every other error is thrown as it is. `mayHaveWritten` says whether an earlier try may have been carried out.
 */
export const retry = async <T>(
  call: (mayHaveWritten: boolean) => Promise<T>,
  patience: Patience = {},
): Promise<T> => {
  const { tries = 5, withinMs = 5_000 } = patience;
  const began = performance.now();
  let mayHaveWritten = false;
  for (let tried = 1; ; tried += 1) {
    try {
      return await call(mayHaveWritten);
    } catch (error) {
      const what = classOf(error);
      if (what !== 'rejected' && what !== 'uncertain') throw error;
      measure('TransactionConflicts', 1, {});
      const isLast = tried >= tries || performance.now() - began >= withinMs;
      if (isLast) throw new Outage('Too many writes at once.', { cause: error });
      mayHaveWritten ||= what === 'uncertain' || isSentAgain(error);
    }
    await backoff(tried, patience);
  }
};

/** Whether the SDK has sent the request more than once: an answer before this one was lost, or it was refused for the moment. */
export const isSentAgain = (error: unknown): boolean => {
  const { $metadata } = error as { readonly $metadata?: { readonly attempts?: number } };

  return ($metadata?.attempts ?? 1) > 1;
};
