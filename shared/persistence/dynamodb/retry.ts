import { setTimeout as wait } from 'node:timers/promises';
import { errorClassOf } from '../../config/dynamodb-errors.ts';
import { ServiceUnavailableError } from '../../domain/errors.ts';
import { recordMetric } from '../../observability/metrics.ts';

/** The retry policy; what is left out has its default. */
export interface RetryPolicy {
  readonly maxAttempts?: number;
  /** After so long there is no further try. */
  readonly maxElapsedMs?: number;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  readonly random?: () => number;
}

/** Exponential backoff with full jitter: up to 50 ms after the first try, 100 ms after the second one. */
export const backoff = (
  attempt: number,
  { sleep = wait, random = Math.random }: RetryPolicy = {},
): Promise<unknown> => sleep(random() * 25 * 2 ** attempt);

/**
 * Sends a call to DynamoDB, and sends it again after each error that is documented as temporary; an Outage after the last try, or when the
 * time for tries has passed. Every other error is thrown as it is. `mayHaveWritten` says whether an earlier try may have been carried out.
 */
export const retry = async <T>(
  call: (mayHaveWritten: boolean) => Promise<T>,
  policy: RetryPolicy = {},
): Promise<T> => {
  const { maxAttempts = 5, maxElapsedMs = 5_000 } = policy;
  const startedAt = performance.now();
  let mayHaveWritten = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(mayHaveWritten);
    } catch (error) {
      const errorClass = errorClassOf(error);
      if (errorClass !== 'rejected' && errorClass !== 'uncertain') throw error;
      recordMetric('TransactionConflicts', 1, {});
      const isLast = attempt >= maxAttempts || performance.now() - startedAt >= maxElapsedMs;
      if (isLast) throw new ServiceUnavailableError('Too many writes at once.', { cause: error });
      mayHaveWritten ||= errorClass === 'uncertain' || wasRetriedBySdk(error);
    }
    await backoff(attempt, policy);
  }
};

/** Whether the SDK has sent the request more than once: an answer before this one was lost, or it was refused for the moment. */
export const wasRetriedBySdk = (error: unknown): boolean => {
  const { $metadata } = error as { readonly $metadata?: { readonly attempts?: number } };

  return ($metadata?.attempts ?? 1) > 1;
};
