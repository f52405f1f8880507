import { describe, expect, it } from 'vitest';
import type { Cast } from '../../../simulation/people/cast.ts';
import { type RunParts, type ShrunkResult, shrink } from '../../../simulation/shrinking/shrink.ts';

const cast: Cast = {
  buyers: 3,
  products: 3,
  coupons: 2,
  stories: [0, 1, 2, 3, 4],
  stepStories: [0, 1],
  operators: 2,
  operatorRounds: 3,
  externalWrites: 4,
  hasDamage: true,
  presses: 6,
};

const smallestCast: Cast = {
  buyers: 1,
  products: 1,
  coupons: 0,
  stories: [4],
  stepStories: [],
  operators: 0,
  operatorRounds: 1,
  externalWrites: 0,
  hasDamage: false,
  presses: 0,
};

const faults = Array.from({ length: 100 }, (_, index) => `slow bus ${index + 1}`);

/** Shrinks a run whose finding occurs while `hasFinding` is true of its parts. */
const shrinkWhile = async (
  hasFinding: (parts: RunParts) => boolean,
  occurredOf: (parts: RunParts) => readonly string[] = (parts) => parts.faults,
) => {
  const played: RunParts[] = [];
  const resultOf = (parts: RunParts, check?: string): ShrunkResult => ({
    findings: check === undefined ? [] : [{ check, text: 'wrong' }],
    faultNames: occurredOf(parts),
    cast: parts.cast,
    chaosMs: parts.chaosMs,
  });
  const all: RunParts = { faults, cast, chaosMs: 600_000 };
  const { parts, runs } = await shrink({
    first: resultOf(all, 'stock'),
    play: async (given) => {
      played.push(given);

      return resultOf(given, hasFinding(given) ? 'stock' : undefined);
    },
    paymentMethods: ['card', 'transfer', 'wallet'],
  });

  return { parts, runs, played };
};

describe('shrink', () => {
  it('leaves the faults that the finding needs, and nothing else', async () => {
    const needed = ['slow bus 17', 'slow bus 64'];
    const { parts, runs, played } = await shrinkWhile((given) =>
      needed.every((name) => given.faults.includes(name)),
    );

    expect(parts).toEqual({
      faults: needed,
      cast: smallestCast,
      chaosMs: 5_000,
      paymentMethods: ['card'],
    });
    expect(runs).toBe(played.length);
    expect(runs).toBeLessThan(80);
  });

  it('ends with no fault if the finding needs none', async () => {
    expect((await shrinkWhile(() => true)).parts.faults).toEqual([]);
  });

  it('keeps the part of the cast that the finding needs', async () => {
    const { parts } = await shrinkWhile(
      (given) => given.cast.stories.includes(3) && given.cast.presses >= 2 && given.cast.buyers > 1,
    );

    expect(parts.cast).toEqual({ ...smallestCast, stories: [3], presses: 2, buyers: 2 });
  });

  it('keeps a story in several steps alone, if the finding needs no other', async () => {
    const { parts } = await shrinkWhile((given) => given.cast.stepStories.includes(1));

    expect(parts.cast).toEqual({ ...smallestCast, stories: [], stepStories: [1] });
  });

  it('keeps the time and the payment method that the finding needs', async () => {
    const { parts } = await shrinkWhile(
      ({ chaosMs, paymentMethods = ['wallet'] }) =>
        chaosMs >= 70_000 && paymentMethods.includes('wallet'),
    );

    expect(parts.chaosMs).toBe(80_000);
    expect(parts.paymentMethods).toEqual(['wallet']);
  });

  it('forgets faults that no longer occur', async () => {
    const { played } = await shrinkWhile(
      (given) => given.faults.includes('slow bus 5'),
      (given) => given.faults.filter((name) => given.faults.length === 100 || name < 'slow bus 6'),
    );
    const later = played.slice(5).flatMap((given) => given.faults);

    expect(later).toContain('slow bus 5');
    expect(later.filter((name) => name > 'slow bus 6')).toEqual([]);
  });

  it('ignores a run with another finding', async () => {
    const result = { faultNames: faults, cast, chaosMs: 1_000 };
    const { parts } = await shrink({
      first: { ...result, findings: [{ check: 'stock', text: 'wrong' }] },
      play: async () => ({ ...result, findings: [{ check: 'coupons', text: 'wrong' }] }),
      paymentMethods: ['card'],
    });

    expect(parts).toEqual({ faults, cast, chaosMs: 1_000 });
  });

  it('gives the same run each time', async () => {
    const search = () => shrinkWhile((given) => given.faults.includes('slow bus 40'));

    expect(await search()).toEqual(await search());
  });

  it('refuses a run without a finding', async () => {
    const first = { findings: [], faultNames: [], cast, chaosMs: 1_000 };

    await expect(shrink({ first, play: async () => first, paymentMethods: [] })).rejects.toThrow(
      'without a finding',
    );
  });
});
