import { describe, expect, it } from 'vitest';
import {
  type Effort,
  firstRateOf,
  full,
  loadAtRate,
  type PlannedLoad,
  planRound,
  quick,
  userLevels,
} from '../../bench/measure/schedule.ts';
import { aMeasurement, users } from './builders.ts';

const closedIn = (round: number, effort: Effort): PlannedLoad[] =>
  planRound(round, effort).filter(
    ({ system, load: { loop } }) =>
      system !== 'one-transaction' && loop.kind === 'closed' && loop.generator === undefined,
  );

describe('round of loads', () => {
  it('pairs before and after at every number of users', () => {
    const planned = closedIn(0, full).map(({ system, load: { loop } }) => ({ system, loop }));

    expect(planned).toEqual(
      userLevels.flatMap((level) => [
        { system: 'synchronous', loop: users(level) },
        { system: 'after', loop: users(level) },
      ]),
    );
  });

  it('reverses the pairs in the next round', () => {
    expect(closedIn(1, full).map(({ system }) => system)).toEqual(
      userLevels.flatMap(() => ['after', 'synchronous']),
    );
  });

  it('loads our form also with the lighter generator, at every number of users', () => {
    const light = planRound(0, full).filter(
      ({ load: { loop } }) => loop.kind === 'closed' && loop.generator === 'light',
    );

    expect(light.map(({ system, load: { loop } }) => ({ system, loop }))).toEqual(
      userLevels.map((level) => ({
        system: 'after',
        loop: { ...users(level), generator: 'light' },
      })),
    );
  });

  it('waits for the final status only in open loops of our form', () => {
    const drained = planRound(0, full).filter(({ isDrained }) => isDrained);

    expect(drained.map(({ load: { loop } }) => loop)).toMatchObject([
      { perSecond: 20 },
      { perSecond: 40 },
      { perSecond: 140.8 },
    ]);
  });
});

it.each([full, quick])(
  'starts the window of a slow form after a response to all its users',
  (effort) => {
    for (const { system, load } of planRound(0, effort)) {
      if (load.loop.kind !== 'closed' || system === 'after') continue;
      // 200 workers for 5 s each; 10 connections for 3.58 s each.
      const waves = Math.ceil(load.loop.users / (system === 'synchronous' ? 200 : 10));
      expect(load.warmUpS).toBeGreaterThan(waves * (system === 'synchronous' ? 5 : 3.58));
    }
  },
);

it('measures the synchronous form for a minute in a full run', () => {
  expect(full.spans.synchronous.windowS).toBeGreaterThanOrEqual(60);
});

describe('limit search', () => {
  const measured = [
    aMeasurement({ system: 'synchronous', loop: users(1_000), perSecond: 40 }),
    aMeasurement({ loop: users(1_000), perSecond: 300 }),
    aMeasurement({ loop: { kind: 'closed', users: 50, generator: 'light' }, perSecond: 700 }),
    aMeasurement({ loop: users(50), perSecond: 500 }),
  ];

  it('starts below the throughput of the same round', () => {
    expect(firstRateOf('synchronous', measured, full)).toBe(20);
    expect(firstRateOf('after', measured, full)).toBe(200);
  });

  it('throws for a system without a measurement', () => {
    expect(() => firstRateOf('after', measured.slice(0, 3), full)).toThrow('no measurement of');
  });

  it('waits at each step for the first responses', () => {
    const { load } = loadAtRate('synchronous', 30, full);

    expect(load.loop).toMatchObject({ kind: 'open', perSecond: 30 });
    expect(load.warmUpS).toBeGreaterThan(5);
  });
});
