import { describe, expect, it } from 'vitest';
import {
  findProblems,
  limitsFor,
  ratiosAt,
  summarize,
  summarizeAll,
} from '../../bench/measure/figures.ts';
import { plotsOf } from '../../bench/measure/plots.ts';
import { reportOf } from '../../bench/measure/report.ts';
import { userLevels } from '../../bench/measure/schedule.ts';
import { spreadOf } from '../../bench/measure/statistics.ts';
import { aMeasurement, rate, sampleResults, users } from './builders.ts';

it.each([
  [[3], { median: 3, least: 3, most: 3 }],
  [[5, 1, 9], { median: 5, least: 1, most: 9 }],
  [[4, 1, 2, 8], { median: 3, least: 1, most: 8 }],
])('returns median, minimum and maximum of %j', (numbers, spread) => {
  expect(spreadOf(numbers)).toEqual(spread);
});

it('throws without numbers', () => {
  expect(() => spreadOf([])).toThrow('no measurements');
});

const pairsOfRound = (before: number, after: number) =>
  userLevels.flatMap((level) => [
    aMeasurement({ system: 'synchronous', loop: users(level), perSecond: before, p50: 5_000 }),
    aMeasurement({ loop: users(level), perSecond: after, p50: 50 }),
  ]);
const results = sampleResults([
  [...pairsOfRound(10, 600), aMeasurement({ loop: rate(40), within30s: 1 })],
  [...pairsOfRound(20, 1_000), aMeasurement({ loop: rate(40), within30s: 0.9 })],
  [...pairsOfRound(10, 700), aMeasurement({ loop: rate(40), within30s: 1 })],
]);

describe('figures of several rounds', () => {
  it('has one line for each load on each system', () => {
    expect(summarizeAll(results)).toHaveLength(2 * userLevels.length + 1);
    expect(summarize(results, 'after', users(50)).perSecond).toEqual({
      median: 700,
      least: 600,
      most: 1_000,
    });
    expect(summarize(results, 'after', rate(40)).finals?.within30s.median).toBe(1);
  });

  it('compares measurements of the same round', () => {
    expect(ratiosAt(results, 100)).toMatchObject({
      throughput: { median: 60, least: 50, most: 70 },
      p50: { median: 100 },
    });
  });

  it('compares the lighter load generator, where it was used, with the same round', () => {
    const light = (perSecond: number) =>
      aMeasurement({ loop: { kind: 'closed', users: 50, generator: 'light' }, perSecond });
    const found = sampleResults([
      [...pairsOfRound(10, 400), light(500)],
      [...pairsOfRound(20, 400), light(600)],
    ]);

    expect(ratiosAt(found, 50)).toMatchObject({
      throughput: { most: 40 },
      light: { least: 30, most: 50 },
    });
    expect(ratiosAt(found, 100).light).toBeUndefined();
    expect(reportOf(found)).toContain('50 users, light generator');
  });

  it('counts the throughput on the processor share of the checkout alone', () => {
    const cpuMsPerRequest = { k6: 0.5, front: 2, back: 0.5, effects: 0.5, database: 1 };
    const { onOwnShare, bound } = ratiosAt(
      sampleResults([
        pairsOfRound(10, 400).map((one) => ({ ...one, cpuMsPerRequest })),
        pairsOfRound(20, 400).map((one) => ({ ...one, cpuMsPerRequest })),
      ]),
      200,
    );

    // The checkout uses 3 of 4.5 ms; two processors give the other programs 2,000 ms a second.
    expect(onOwnShare.most).toBeCloseTo(60);
    expect(bound.most).toBeCloseTo(2_000 / 1.5 / 10);
    expect(bound.least).toBeCloseTo(2_000 / 1.5 / 20);
  });

  it('includes the limits of each system', () => {
    expect(limitsFor(results, 'after')).toMatchObject({
      promptUpTo: { median: 100 },
      breaksAt: { median: 200 },
    });
    expect(limitsFor(results, 'synchronous').promptUpTo).toBeUndefined();
  });

  it('reports every problem', () => {
    const bad = sampleResults([[aMeasurement({ refused: 2, faults: ['money held: 1'] })]]);

    expect(findProblems(results)).toEqual([]);
    expect(findProblems(bad)).toHaveLength(2);
    expect(
      reportOf(
        sampleResults([...results.rounds, [...pairsOfRound(1, 1), aMeasurement({ refused: 2 })]]),
      ),
    ).toContain('PROBLEMS');
  });
});

it('reports that a run was stopped early', () => {
  expect(reportOf({ ...results, plannedRounds: 4 })).toContain('stopped after 3 of 4 rounds');
  expect(reportOf(results)).not.toContain('stopped');
});

it('draws each plot with both forms', () => {
  const plots = plotsOf(results);

  expect(Object.keys(plots)).toEqual(['throughput.svg', 'latency.svg', 'time-to-final.svg']);
  expect(plots['throughput.svg']).toMatch(/^<svg .*synchronous.*after.*<\/svg>$/s);
  expect(plots['time-to-final.svg']).toContain('40/s');
});
