import { describe, expect, it } from 'vitest';
import { ServiceUnavailableError } from '../../../../shared/domain/errors.ts';
import {
  conflict,
  retryOnConflict,
} from '../../../../shared/persistence/dynamodb/retry-on-conflict.ts';

/**
 * Loses the first attempts, then returns the number of the attempt that wins, and records the flag of each
 * attempt.
 */
const createAttempt = (losses: number) => {
  const lastFlags: boolean[] = [];
  const attempt = async (isLast: boolean) => {
    lastFlags.push(isLast);

    return lastFlags.length <= losses ? conflict : lastFlags.length;
  };

  return { attempt, lastFlags };
};

describe('retry on conflict', () => {
  it('returns the result of the first attempt that wins, and makes no further attempt', async () => {
    const { attempt, lastFlags } = createAttempt(0);

    await expect(retryOnConflict('Payment p', attempt, { maxAttempts: 4 })).resolves.toBe(1);
    expect(lastFlags).toHaveLength(1);
  });

  it.each([1, 2, 3])('attempts again after %i version conflicts', async (losses) => {
    const { attempt, lastFlags } = createAttempt(losses);

    await expect(retryOnConflict('Payment p', attempt, { maxAttempts: 4 })).resolves.toBe(
      losses + 1,
    );
    expect(lastFlags).toHaveLength(losses + 1);
  });

  it('marks the last attempt and no other', async () => {
    const { attempt, lastFlags } = createAttempt(2);
    await retryOnConflict('Payment p', attempt, { maxAttempts: 3 });

    expect(lastFlags).toEqual([false, false, true]);
  });

  it('throws ServiceUnavailableError with the subject after the last attempt', async () => {
    const { attempt, lastFlags } = createAttempt(99);
    const result = retryOnConflict('Payment p', attempt, { maxAttempts: 3 });

    await expect(result).rejects.toThrow(
      new ServiceUnavailableError('Payment p: version conflict on each of 3 attempts.'),
    );
    await expect(result).rejects.toBeInstanceOf(ServiceUnavailableError);
    expect(lastFlags).toHaveLength(3);
  });

  it.each([undefined, false, 'version-conflict', Symbol('version conflict')])(
    'returns %s as a result, because only its own symbol is a conflict',
    async (value) => {
      await expect(retryOnConflict('p', async () => value, { maxAttempts: 2 })).resolves.toBe(
        value,
      );
    },
  );

  it('throws the error of an attempt immediately', async () => {
    let attempts = 0;
    const fail = async () => {
      attempts += 1;
      throw new Error('no permission');
    };

    await expect(retryOnConflict('p', fail, { maxAttempts: 4 })).rejects.toThrow('no permission');
    expect(attempts).toBe(1);
  });
});
