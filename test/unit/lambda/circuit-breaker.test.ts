import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCircuitBreaker } from '../../../shared/lambda/circuit-breaker.ts';
import { noon } from '../../support/builders/builders.ts';

const openMs = 2_000;

/** A circuit breaker with the attempts that it allowed. */
const createBreakerHarness = () => {
  const attempts: string[] = [];
  const breaker = createCircuitBreaker<string>({
    openMs,
    isFailure: (outcome) => outcome === 'not-sent',
  });
  const attempt = (outcome: string | Promise<string>) =>
    breaker(async () => {
      attempts.push(`${await outcome}`);

      return outcome;
    });
  const inTurn = async (...outcomes: readonly string[]) => {
    for (const outcome of outcomes) await attempt(outcome);
  };

  return { attempts, breaker, attempt, inTurn };
};

const threeNotSent = ['not-sent', 'not-sent', 'not-sent'];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: noon });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('circuit breaker', () => {
  it('opens after three consecutive failures and runs nothing', async () => {
    const { attempts, attempt, inTurn } = createBreakerHarness();

    await inTurn(...threeNotSent);

    expect(await attempt('approved')).toBeUndefined();
    expect(attempts).toEqual(threeNotSent);
  });

  it.each(['declined', 'ambiguous', 'approved'])(
    'stays closed if a request in between was %s',
    async (outcome) => {
      const { attempt, inTurn } = createBreakerHarness();

      await inTurn('not-sent', 'not-sent', outcome, 'not-sent', 'not-sent');

      expect(await attempt('approved')).toBe('approved');
    },
  );

  it('allows one probe when half open and rejects the others immediately', async () => {
    const { attempts, attempt, inTurn } = createBreakerHarness();
    await inTurn(...threeNotSent);
    vi.setSystemTime(noon.getTime() + openMs);
    const outcome = Promise.withResolvers<string>();

    const probe = attempt(outcome.promise);
    const others = await Promise.all([attempt('approved'), attempt('approved')]);
    outcome.resolve('approved');

    expect(await probe).toBe('approved');
    expect(others).toEqual([undefined, undefined]);
    expect(attempts).toEqual([...threeNotSent, 'approved']);
    expect(await attempt('declined')).toBe('declined');
  });

  it('opens again for as long if the probe fails', async () => {
    const { attempt, inTurn } = createBreakerHarness();
    await inTurn(...threeNotSent);
    vi.setSystemTime(noon.getTime() + openMs);
    await attempt('not-sent');

    vi.setSystemTime(noon.getTime() + 2 * openMs - 1);
    expect(await attempt('approved')).toBeUndefined();
    vi.setSystemTime(noon.getTime() + 2 * openMs);
    expect(await attempt('approved')).toBe('approved');
  });
});

describe('circuit breaker: request that throws', () => {
  const broken = () => Promise.reject(new Error('the table is gone'));

  it('does not count an error and throws it', async () => {
    const { breaker, attempt } = createBreakerHarness();

    for (const _each of threeNotSent)
      await expect(breaker(broken)).rejects.toThrow('the table is gone');

    expect(await attempt('approved')).toBe('approved');
  });

  it('does not close the circuit if the probe throws', async () => {
    const { breaker, attempt, inTurn } = createBreakerHarness();
    await inTurn(...threeNotSent);
    vi.setSystemTime(noon.getTime() + openMs);

    await expect(breaker(broken)).rejects.toThrow('the table is gone');

    expect(await attempt('approved')).toBeUndefined();
  });
});
