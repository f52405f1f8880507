import { expect, it, vi } from 'vitest';
import { findLimits, isBroken, isPrompt } from '../../bench/measure/limits.ts';
import { aMeasurement, rate, users } from './builders.ts';

it.each([
  ['all is answered', {}, false],
  ['a little less than all', { perSecond: 96 }, false],
  ['much less than all', { perSecond: 90 }, true],
  ['anything is refused', { refused: 1 }, true],
])('is broken or not where %s', (_, given, broken) => {
  expect(isBroken(aMeasurement({ loop: rate(100), ...given }))).toBe(broken);
});

it('asks of a closed loop nothing that it cannot say', () => {
  expect(() => isBroken(aMeasurement({ loop: users(50) }))).toThrow('closed loop');
});

it('is prompt only while it is whole and p99 lies under 100 ms', () => {
  expect(isPrompt(aMeasurement({ p99: 99 }))).toBe(true);
  expect(isPrompt(aMeasurement({ p99: 100 }))).toBe(false);
  expect(isPrompt(aMeasurement({ p99: 10, refused: 1 }))).toBe(false);
});

/** Prompt up to one rate, whole up to another. */
const aSystem = ({ promptUpTo = 0, wholeUpTo = 0 }) =>
  vi.fn(async (perSecond: number) =>
    aMeasurement({
      loop: rate(perSecond),
      perSecond: perSecond <= wholeUpTo ? perSecond : wholeUpTo / 2,
      p99: perSecond <= promptUpTo ? 20 : 500,
    }),
  );

it('asks for more until it breaks, and then looks closer at both limits', async () => {
  const measureAt = aSystem({ promptUpTo: 150, wholeUpTo: 350 });

  const limits = await findLimits(100, { factor: 2, refinements: 2 }, measureAt);

  expect(measureAt.mock.calls.flat()).toEqual([100, 200, 400, 150, 175, 300, 350]);
  expect(limits).toMatchObject({ promptUpTo: 150, breaksAt: 400 });
});

it('knows no prompt rate where even the first one was late', async () => {
  const measureAt = aSystem({ promptUpTo: 0, wholeUpTo: 150 });

  const limits = await findLimits(100, { factor: 2, refinements: 1 }, measureAt);

  expect(limits.promptUpTo).toBeUndefined();
  expect(limits.breaksAt).toBe(200);
});

it('takes no rate for prompt above one that was not', async () => {
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
