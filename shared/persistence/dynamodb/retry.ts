import { errorClassOf } from '../../config/dynamodb-errors.ts';
import type { Runtime } from '../../config/platform.ts';
import { ServiceUnavailableError } from '../../domain/errors.ts';
import { recordMetric } from '../../observability/metrics.ts';

/** A retry policy. Every omitted value has a default. */
export interface RetryPolicy {
  readonly maxAttempts?: number;
  /** No attempt starts after this time. */
  readonly maxElapsedMs?: number;
}

/**
 * Exponential backoff with full jitter: up to 15, 30, 60 and 120 ms. A transaction holds its items for 10 to
 * 25 ms, so a longer pause only delays the answer.
 */
export const backoff = (
  attempt: number,
  { sleep, random }: Pick<Runtime, 'sleep' | 'random'>,
): Promise<unknown> => sleep(random() * 7.5 * 2 ** attempt);

/**
 * Calls DynamoDB and retries every error that is documented as temporary. `mayHaveWritten` is true if an
 * earlier attempt may have been executed. Throws ServiceUnavailableError after the last attempt or after
 * `maxElapsedMs`; any other error is thrown unchanged.
 */
export const retry = async <T>(
  call: (mayHaveWritten: boolean) => Promise<T>,
  runtime: Runtime,
  { maxAttempts = 5, maxElapsedMs = 5_000 }: RetryPolicy = {},
): Promise<T> => {
  const now = () => runtime.clock.now().getTime();
  const startedAt = now();
  let mayHaveWritten = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(mayHaveWritten);
    } catch (error) {
      const errorClass = errorClassOf(error);
      if (errorClass !== 'rejected' && errorClass !== 'uncertain') throw error;
      recordMetric('TransactionConflicts', 1, {});
      const isLast = attempt >= maxAttempts || now() - startedAt >= maxElapsedMs;
      if (isLast)
        throw new ServiceUnavailableError('DynamoDB write still failing after the last retry.', {
          cause: error,
        });
      mayHaveWritten ||= errorClass === 'uncertain' || wasRetriedBySdk(error);
    }
    await backoff(attempt, runtime);
  }
};

/** Whether the SDK has sent the request more than once, so that an earlier attempt may have been executed. */
export const wasRetriedBySdk = (error: unknown): boolean => {
  const { $metadata } = error as { readonly $metadata?: { readonly attempts?: number } };

  return ($metadata?.attempts ?? 1) > 1;
};
