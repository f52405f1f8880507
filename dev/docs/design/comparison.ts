import { savings } from '../../../test/bench/cost/report.ts';
import { findProblems, ratiosAt, summarize } from '../../../test/bench/measure/figures.ts';
import { percent, rounded, spread } from '../../../test/bench/measure/report.ts';
import { briefRates, openRates, userLevels } from '../../../test/bench/measure/schedule.ts';
import { table } from '../../cli/markdown.ts';
import { dependencies } from './dependencies.ts';
import { closedLoop, openLoop } from './figures.ts';
import type { BenchResults } from './results.ts';

interface Compared {
  readonly what: string;
  /** The brief's measurement before, and its expectation after. */
  readonly brief: readonly [before: string, after: string];
  readonly goal: string;
  readonly measured: readonly [before: string, after: string];
  readonly isMet: boolean;
}

/** The goals: the minimum ratios of throughput after to before, by number of users. */
const goalTimes: Readonly<
  Record<(typeof userLevels)[number], { readonly whole: number; readonly onOwnShare: number }>
> = {
  50: { whole: 75, onOwnShare: 60 },
  100: { whole: 45, onOwnShare: 45 },
  200: { whole: 25, onOwnShare: 28 },
  1000: { whole: 25, onOwnShare: 28 },
};

const briefBefore: Readonly<Record<number, string>> = {
  50: 'about 10 TPS',
  100: 'about 10 TPS',
  200: '40 TPS at most',
  1000: '40 TPS at most',
};

const throughput = ({ load }: BenchResults): Compared[] =>
  userLevels.flatMap((users) => {
    const { throughput: ratio, onOwnShare } = ratiosAt(load, users);
    const goals = goalTimes[users];
    const what = `answered, ${users.toLocaleString('en-US')} users`;
    const rate = (system: 'synchronous' | 'after') =>
      `${spread(summarize(load, system, closedLoop(users)).perSecond)}/s`;

    return [
      {
        what,
        brief: [briefBefore[users] ?? '', '1,000+ TPS'],
        goal: `${goals.whole} times`,
        measured: [rate('synchronous'), `${rate('after')}, ${spread(ratio)} times`],
        isMet: ratio.median >= goals.whole,
      },
      {
        what: `${what}, on the checkout’s own processor share`,
        brief: ['', ''],
        goal: `${goals.onOwnShare} times`,
        measured: ['', `${spread(onOwnShare)} times`],
        isMet: onOwnShare.median >= goals.onOwnShare,
      },
    ];
  });

const maxP95Ms = 100;

const waiting = ({ load }: BenchResults): Compared => {
  const before = summarize(load, 'synchronous', closedLoop(50)).p95Ms;
  const after = summarize(load, 'after', openLoop(briefRates.after)).p95Ms;

  return {
    what: `p95 of the time to the answer, ${briefRates.after}/s`,
    brief: ['8,000 ms', '150 ms'],
    goal: `under ${maxP95Ms} ms`,
    measured: [`${rounded(before.median)} ms (50 users)`, `${spread(after)} ms`],
    isMet: after.median < maxP95Ms,
  };
};

const finals = ({ load }: BenchResults): Compared[] =>
  openRates.map((rate) => {
    const { finals: found, completedPerSecond } = summarize(load, 'after', openLoop(rate));
    if (found === undefined)
      throw new Error(`No result has the time to the final status at ${rate}/s.`);

    return {
      what: `final within 30 s, ${rate}/s`,
      brief: ['', 'all'],
      goal: '100 %',
      measured: [
        '',
        `${percent(found.within30s)}, while ${spread(completedPerSecond)} a second became final`,
      ],
      isMet: found.within30s.median === 1,
    };
  });

const errors = ({ load }: BenchResults): Compared => {
  const found = findProblems(load).length;

  return {
    what: 'loads with a rejection or a discrepancy',
    brief: ['3.2 % errors', '< 0.1 % errors'],
    goal: '0',
    measured: [`${found} of both`, ''],
    isMet: found === 0,
  };
};

const minTimesCheaper = 3;

const cost = ({ counts }: BenchResults): Compared[] => {
  const { approved } = counts.kinds;
  if (approved === undefined) throw new Error('The counts have no approved payment.');
  const { whole, lambda } = savings(approved, counts.deployed);

  return [
    { what: 'whole bill, compared with one charge an invocation', found: whole },
    { what: 'Lambda part of the bill', found: lambda },
  ].map(({ what, found }) => ({
    what,
    brief: ['', ''],
    goal: `${minTimesCheaper} times cheaper`,
    measured: ['', `${found.toFixed(1)} times cheaper`],
    isMet: found >= minTimesCheaper,
  }));
};

const needs = (): Compared => {
  const { synchronous, after } = dependencies();

  return {
    what: 'dependencies of the payment use case',
    brief: ['7', '3'],
    goal: '3',
    measured: [String(synchronous.length), String(after.length)],
    isMet: after.length <= 3,
  };
};

const compareAll = (results: BenchResults): readonly Compared[] => [
  ...throughput(results),
  waiting(results),
  ...finals(results),
  errors(results),
  ...cost(results),
  needs(),
];

/** Expected and measured values, and whether the goal is met. */
export const comparisonTable = (results: BenchResults): string =>
  table(
    ['', 'brief, before', 'brief, after', 'goal', 'measured before', 'measured after', 'met'],
    compareAll(results).map(({ what, brief, goal, measured, isMet }) => [
      what,
      ...brief,
      goal,
      ...measured,
      isMet ? 'yes' : '**no**',
    ]),
  );
