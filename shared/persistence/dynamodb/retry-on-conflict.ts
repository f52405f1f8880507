import { ServiceUnavailableError } from '../../domain/errors.ts';

/** Returned by an attempt that lost to another write. */
export const conflict = Symbol('version conflict');

/**
 * Retries an optimistic lock: runs `attempt`, which reads, decides and writes under a version condition,
 * until it returns no `conflict`. Returns the result of that attempt. Throws ServiceUnavailableError if the
 * last attempt also loses.
 *
 * There is no delay between attempts: the next one reads what the winner wrote.
 */
export const retryOnConflict = async <T>(
  /** What is written, for the error: `Payment pay_...`. */
  subject: string,
  attempt: (isLast: boolean) => Promise<T | typeof conflict>,
  { maxAttempts }: { readonly maxAttempts: number },
): Promise<T> => {
  for (let number = 1; number <= maxAttempts; number += 1) {
    const result = await attempt(number === maxAttempts);
    if (result !== conflict) return result;
  }
  throw new ServiceUnavailableError(
    `${subject}: version conflict on each of ${maxAttempts} attempts.`,
  );
};
