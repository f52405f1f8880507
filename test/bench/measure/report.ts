import { table } from '../../../dev/cli/markdown.ts';
import { findProblems, limitsFor, ratiosAt, type Summary, summarizeAll } from './figures.ts';
import type { Loop } from './load.ts';
import type { LoadResults } from './results.ts';
import { stressedSystems, userLevels } from './schedule.ts';
import type { Spread } from './statistics.ts';

const format = (value: number, digits: number) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** So many digits as the number can bear. */
export const rounded = (value: number): string =>
  format(value, Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);

/** The middle one, and in brackets how far the rounds lie apart, where there were several. */
export const spread = ({ median, least, most }: Spread): string =>
  least === most ? rounded(median) : `${rounded(median)} (${rounded(least)} to ${rounded(most)})`;

export const percent = ({ median, least, most }: Spread): string => {
  const one = (part: number) => `${format(part * 100, 1)} %`;

  return least === most ? one(median) : `${one(median)} (${one(least)} to ${one(most)})`;
};

export const loopText = (loop: Loop): string =>
  loop.kind === 'closed'
    ? `${format(loop.users, 0)} users`
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

/** Every load on every system: payments answered a second, milliseconds until they were. */
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

/** How many times more, and how many times sooner, after answers than before. */
export const ratioTable = (results: LoadResults): string =>
  table(
    ['users', 'throughput', 'p50', 'p99'],
    userLevels.map((users) => {
      const { throughput, p50, p99 } = ratiosAt(results, users);

      return [format(users, 0), spread(throughput), spread(p50), spread(p99)];
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

/** Milliseconds of processor time that each part uses for one request, of whatever followed from it while it was looked at. */
export const cpuTable = (results: LoadResults): string => {
  const found = summarizeAll(results);
  const parts = ['k6', 'front', 'back', 'database', 'outside'];

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

/** How many rounds there are, and how many there were to be. */
export const roundsText = (done: number, planned: number): string =>
  done < planned ? `stopped after ${done} of ${planned} rounds` : `${done} rounds`;

/** What a run says at its end. */
export const reportOf = (results: LoadResults): string => {
  const { date, machine, effort, rounds, plannedRounds } = results;
  const wrong = findProblems(results);

  return [
    `${effort} run of ${date}, ${roundsText(rounds.length, plannedRounds)}, on ${machine.processors}, ${machine.memoryGb} GB, ${machine.system}`,
    `Node ${machine.node}, ${machine.k6}, ${machine.database}, commit ${machine.commit}`,
    `\nAnswered, medians of the rounds and in brackets least to most:\n\n${loadTable(results)}`,
    `\nAfter over before, round by round:\n\n${ratioTable(results)}`,
    `\nLimits of an open loop:\n\n${limitTable(results)}`,
    `\nProcessor time of a request, in ms:\n\n${cpuTable(results)}`,
    wrong.length === 0
      ? '\nNothing was refused, and after every load the books added up, the PG’s included.'
      : `\nNOT AS IT SHOULD BE:\n  ${wrong.join('\n  ')}`,
  ].join('\n');
};
