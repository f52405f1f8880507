import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { breakerOf } from '../../../shared/lambda/circuit-breaker.ts';
import { noon } from '../../support/builders/builders.ts';

const restMs = 2_000;

/** A breaker, and the tries that it let through. */
const aBreaker = () => {
  const begun: string[] = [];
  const breaker = breakerOf<string>({ restMs, isUnsent: (outcome) => outcome === 'not-sent' });
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

const unsent = ['not-sent', 'not-sent', 'not-sent'];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: noon });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a PG that takes nothing', () => {
  it('is left alone after three tries in a row, and then nothing is begun', async () => {
    const { begun, attempt, inTurn } = aBreaker();

    await inTurn(...unsent);

    expect(await attempt('approved')).toBeUndefined();
    expect(begun).toEqual(unsent);
  });

  it.each(['declined', 'ambiguous', 'approved'])(
    'is not one that has %s meanwhile',
    async (answer) => {
      const { attempt, inTurn } = aBreaker();

      await inTurn('not-sent', 'not-sent', answer, 'not-sent', 'not-sent');

      expect(await attempt('approved')).toBe('approved');
    },
  );

  it('is tried by one after its rest, while the others are turned away at once', async () => {
    const { begun, attempt, inTurn } = aBreaker();
    await inTurn(...unsent);
    vi.setSystemTime(noon.getTime() + restMs);
    const answer = Promise.withResolvers<string>();

    const probe = attempt(answer.promise);
    const others = await Promise.all([attempt('approved'), attempt('approved')]);
    answer.resolve('approved');

    expect(await probe).toBe('approved');
    expect(others).toEqual([undefined, undefined]);
    expect(begun).toEqual([...unsent, 'approved']);
    expect(await attempt('declined')).toBe('declined');
  });

  it('rests again as long where that one is not taken either', async () => {
    const { attempt, inTurn } = aBreaker();
    await inTurn(...unsent);
    vi.setSystemTime(noon.getTime() + restMs);
    await attempt('not-sent');

    vi.setSystemTime(noon.getTime() + 2 * restMs - 1);
    expect(await attempt('approved')).toBeUndefined();
    vi.setSystemTime(noon.getTime() + 2 * restMs);
    expect(await attempt('approved')).toBe('approved');
  });
});

describe('a try that throws', () => {
  const broken = () => Promise.reject(new Error('the table is gone'));

  it('says nothing about the PG, and is thrown on', async () => {
    const { breaker, attempt } = aBreaker();

    for (const _each of unsent) await expect(breaker(broken)).rejects.toThrow('the table is gone');

    expect(await attempt('approved')).toBe('approved');
  });

  it('does not show that the PG is back', async () => {
    const { breaker, attempt, inTurn } = aBreaker();
    await inTurn(...unsent);
    vi.setSystemTime(noon.getTime() + restMs);

    await expect(breaker(broken)).rejects.toThrow('the table is gone');

    expect(await attempt('approved')).toBeUndefined();
  });
});
