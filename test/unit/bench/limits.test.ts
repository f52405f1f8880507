import { expect, it, vi } from 'vitest';
import { findLimits, isBroken, isPrompt } from '../../bench/measure/limits.ts';
import { aMeasurement, rate, users } from './builders.ts';

it.each([
  ['all requests are answered', {}, false],
  ['slightly fewer are answered', { perSecond: 96 }, false],
  ['far fewer are answered', { perSecond: 90 }, true],
  ['a request is refused', { refused: 1 }, true],
])('decides whether a system is broken: %s', (_, given, broken) => {
  expect(isBroken(aMeasurement({ loop: rate(100), ...given }))).toBe(broken);
});

it('throws for a closed loop', () => {
  expect(() => isBroken(aMeasurement({ loop: users(50) }))).toThrow('closed loop');
});

it('calls a system prompt only if it is not broken and p99 is under 100 ms', () => {
  expect(isPrompt(aMeasurement({ p99: 99 }))).toBe(true);
  expect(isPrompt(aMeasurement({ p99: 100 }))).toBe(false);
  expect(isPrompt(aMeasurement({ p99: 10, refused: 1 }))).toBe(false);
});

/** A system that is prompt up to one rate and unbroken up to another. */
const aSystem = ({ promptUpTo = 0, unbrokenUpTo = 0 }) =>
  vi.fn(async (perSecond: number) =>
    aMeasurement({
      loop: rate(perSecond),
      perSecond: perSecond <= unbrokenUpTo ? perSecond : unbrokenUpTo / 2,
      p99: perSecond <= promptUpTo ? 20 : 500,
    }),
  );

it('increases the rate until the system breaks, then refines both limits', async () => {
  const measureAt = aSystem({ promptUpTo: 150, unbrokenUpTo: 350 });

  const limits = await findLimits(100, { factor: 2, refinements: 2 }, measureAt);

  expect(measureAt.mock.calls.flat()).toEqual([100, 200, 400, 150, 175, 300, 350]);
  expect(limits).toMatchObject({ promptUpTo: 150, breaksAt: 400 });
});

it('returns no prompt rate if the first one was slow', async () => {
  const measureAt = aSystem({ promptUpTo: 0, unbrokenUpTo: 150 });

  const limits = await findLimits(100, { factor: 2, refinements: 1 }, measureAt);

  expect(limits.promptUpTo).toBeUndefined();
  expect(limits.breaksAt).toBe(200);
});

it('returns no prompt rate above a slow one', async () => {
  const late = [100, 300];
  const measureAt = async (perSecond: number) =>
    aMeasurement({
      loop: rate(perSecond),
      perSecond: perSecond < 900 ? perSecond : 1,
      p99: late.includes(perSecond) ? 500 : 20,
    });

  const limits = await findLimits(100, { factor: 3, refinements: 0 }, measureAt);

  expect(limits.promptUpTo).toBeUndefined();
});
