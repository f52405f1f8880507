import { table } from '../../../dev/cli/markdown.ts';
import { findProblems, limitsFor, ratiosAt, type Summary, summarizeAll } from './figures.ts';
import type { Loop } from './load.ts';
import type { LoadResults } from './results.ts';
import { stressedSystems, userLevels } from './schedule.ts';
import type { Spread } from './statistics.ts';

const format = (value: number, digits: number) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** The number with the digits that its size justifies. */
export const rounded = (value: number): string =>
  format(value, Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);

/** The median, with minimum and maximum in brackets if the rounds differ. */
export const spread = ({ median, least, most }: Spread): string =>
  least === most ? rounded(median) : `${rounded(median)} (${rounded(least)} to ${rounded(most)})`;

export const percent = ({ median, least, most }: Spread): string => {
  const one = (share: number) => `${format(share * 100, 1)} %`;

  return least === most ? one(median) : `${one(median)} (${one(least)} to ${one(most)})`;
};

export const loopText = (loop: Loop): string =>
  loop.kind === 'closed'
    ? `${format(loop.users, 0)} users${loop.generator ? ', light generator' : ''}`
    : `${loop.perSecond.toLocaleString('en-US')}/s`;

const rowOf = (one: Summary): readonly string[] => [
  loopText(one.loop),
  one.system,
  spread(one.perSecond),
  spread(one.p50Ms),
  spread(one.p95Ms),
  spread(one.p99Ms),
  `${one.refused}`,
  rounded(one.completedPerSecond.median),
  one.finals ? percent(one.finals.within30s) : '',
];

/** Throughput and response times of every load on every system. */
export const loadTable = (results: LoadResults): string =>
  table(
    [
      'load',
      'form',
      'answered/s',
      'p50 ms',
      'p95 ms',
      'p99 ms',
      'refused',
      'final/s',
      'final in 30 s',
    ],
    summarizeAll(results).map(rowOf),
  );

/** Throughput and speed of our form as multiples of the synchronous form. */
export const ratioTable = (results: LoadResults): string =>
  table(
    [
      'users',
      'throughput',
      'with the light generator',
      'on the checkout’s own processor share',
      'bound of the machine',
      'p50',
      'p99',
    ],
    userLevels.map((users) => {
      const { throughput, light, onOwnShare, bound, p50, p99 } = ratiosAt(results, users);

      return [
        format(users, 0),
        spread(throughput),
        light ? spread(light) : '',
        ...[onOwnShare, bound, p50, p99].map(spread),
      ];
    }),
  );

export const limitTable = (results: LoadResults): string =>
  table(
    ['form', 'p99 under 100 ms up to', 'breaks at'],
    stressedSystems.map((system) => {
      const { promptUpTo, breaksAt } = limitsFor(results, system);

      return [system, promptUpTo ? `${spread(promptUpTo)}/s` : 'never', `${spread(breaksAt)}/s`];
    }),
  );

/**
 * Milliseconds of processor time per request by part, including the processing after the commit in the
 * window.
 */
export const cpuTable = (results: LoadResults): string => {
  const found = summarizeAll(results);
  const parts = ['k6', 'generator', 'front', 'back', 'effects', 'database', 'outside'];

  return table(
    ['load', 'form', ...parts],
    found.map(({ loop, system, cpuMsPerRequest }) => [
      loopText(loop),
      system,
      ...parts.map((part) => {
        const value = cpuMsPerRequest[part];

        return value === undefined ? '' : rounded(value);
      }),
    ]),
  );
};

/** The number of measured rounds, and of planned ones if the run was stopped. */
export const roundsText = (done: number, planned: number): string =>
  done < planned ? `stopped after ${done} of ${planned} rounds` : `${done} rounds`;

/** The report at the end of a run. */
export const reportOf = (results: LoadResults): string => {
  const { date, machine, effort, rounds, plannedRounds } = results;
  const wrong = findProblems(results);

  return [
    `${effort} run of ${date}, ${roundsText(rounds.length, plannedRounds)}, on ${machine.processors}, ${machine.memoryGb} GB, ${machine.system}`,
    `Node ${machine.node}, ${machine.k6}, ${machine.database}, commit ${machine.commit}`,
    `\nResponses, medians of the rounds with minimum and maximum in brackets:\n\n${loadTable(results)}`,
    `\nRatio of after to before, by round:\n\n${ratioTable(results)}`,
    `\nLimits of an open loop:\n\n${limitTable(results)}`,
    `\nProcessor time per request, in ms:\n\n${cpuTable(results)}`,
    wrong.length === 0
      ? '\nNo request was refused, and after every load all stores and the gateway were consistent.'
      : `\nPROBLEMS:\n  ${wrong.join('\n  ')}`,
  ].join('\n');
};
