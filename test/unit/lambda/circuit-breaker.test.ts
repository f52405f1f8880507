import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCircuitBreaker } from '../../../shared/lambda/circuit-breaker.ts';
import { noon } from '../../support/builders/builders.ts';

const openMs = 2_000;

/** A breaker, and the tries that it let through. */
const createBreakerHarness = () => {
  const begun: string[] = [];
  const breaker = createCircuitBreaker<string>({
    openMs,
    isFailure: (outcome) => outcome === 'not-sent',
  });
  const attempt = (outcome: string | Promise<string>) =>
    breaker(async () => {
      begun.push(`${await outcome}`);

      return outcome;
    });
  const inTurn = async (...outcomes: readonly string[]) => {
    for (const outcome of outcomes) await attempt(outcome);
  };

  return { begun, breaker, attempt, inTurn };
};

const threeNotSent = ['not-sent', 'not-sent', 'not-sent'];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: noon });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a PG that takes nothing', () => {
  it('is left alone after three tries in a row, and then nothing is begun', async () => {
    const { begun, attempt, inTurn } = createBreakerHarness();

    await inTurn(...threeNotSent);

    expect(await attempt('approved')).toBeUndefined();
    expect(begun).toEqual(threeNotSent);
  });

  it.each(['declined', 'ambiguous', 'approved'])(
    'is not one that has %s meanwhile',
    async (answer) => {
      const { attempt, inTurn } = createBreakerHarness();

      await inTurn('not-sent', 'not-sent', answer, 'not-sent', 'not-sent');

      expect(await attempt('approved')).toBe('approved');
    },
  );

  it('is tried by one after its rest, while the others are turned away at once', async () => {
    const { begun, attempt, inTurn } = createBreakerHarness();
    await inTurn(...threeNotSent);
    vi.setSystemTime(noon.getTime() + openMs);
    const answer = Promise.withResolvers<string>();

    const probe = attempt(answer.promise);
    const others = await Promise.all([attempt('approved'), attempt('approved')]);
    answer.resolve('approved');

    expect(await probe).toBe('approved');
    expect(others).toEqual([undefined, undefined]);
    expect(begun).toEqual([...threeNotSent, 'approved']);
    expect(await attempt('declined')).toBe('declined');
  });

  it('rests again as long where that one is not taken either', async () => {
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

describe('a try that throws', () => {
  const broken = () => Promise.reject(new Error('the table is gone'));

  it('says nothing about the PG, and is thrown on', async () => {
    const { breaker, attempt } = createBreakerHarness();

    for (const _each of threeNotSent)
      await expect(breaker(broken)).rejects.toThrow('the table is gone');

    expect(await attempt('approved')).toBe('approved');
  });

  it('does not show that the PG is back', async () => {
    const { breaker, attempt, inTurn } = createBreakerHarness();
    await inTurn(...threeNotSent);
    vi.setSystemTime(noon.getTime() + openMs);

    await expect(breaker(broken)).rejects.toThrow('the table is gone');

    expect(await attempt('approved')).toBeUndefined();
  });
});
