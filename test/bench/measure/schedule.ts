import type { Load, Loop } from './load.ts';
import type { Measurement } from './measurement.ts';
import type { SystemName } from './system.ts';

/** One load on one system. */
export interface PlannedLoad {
  readonly system: SystemName;
  readonly load: Load;
  /** Whether to wait until the last accepted payments are final. */
  readonly isDrained: boolean;
}

/** The duration of a measurement, in seconds. */
type Duration = Pick<Load, 'warmUpS' | 'windowS'>;

/** The settings of a limit search. */
export interface LimitSearch extends Duration {
  /** The first rate, as a share of the closed-loop throughput of the same round. */
  readonly firstPart: number;
  /** The factor from one rate to the next. */
  readonly factor: number;
  /** The number of bisections between the last good and the first bad rate. */
  readonly refinements: number;
}

/** The systems whose limits are measured. */
export type StressedSystem = Exclude<SystemName, 'one-transaction'>;

export interface Effort {
  readonly rounds: number;
  readonly spans: Readonly<Record<SystemName, Duration>>;
  readonly limits: Readonly<Record<StressedSystem, LimitSearch>>;
}

// The slow forms answer in waves of 5 s and 3.58 s, so their windows contain many waves. Ours answers
// hundreds of requests per second.
export const full: Effort = {
  rounds: 3,
  spans: {
    synchronous: { warmUpS: 6, windowS: 60 },
    'one-transaction': { warmUpS: 6, windowS: 36 },
    after: { warmUpS: 10, windowS: 20 },
  },
  limits: {
    synchronous: { warmUpS: 6, windowS: 15, firstPart: 0.5, factor: 1.5, refinements: 2 },
    after: { warmUpS: 3, windowS: 10, firstPart: 0.4, factor: 1.25, refinements: 1 },
  },
};

export const quick: Effort = {
  rounds: 1,
  spans: {
    synchronous: { warmUpS: 6, windowS: 15 },
    'one-transaction': { warmUpS: 6, windowS: 15 },
    after: { warmUpS: 4, windowS: 8 },
  },
  limits: {
    synchronous: { warmUpS: 6, windowS: 10, firstPart: 0.75, factor: 1.5, refinements: 0 },
    after: { warmUpS: 3, windowS: 6, firstPart: 0.5, factor: 1.5, refinements: 0 },
  },
};

export const userLevels = [50, 100, 200, 1_000] as const;

/** The brief's maximum for the synchronous form and its target for the other one, in payments per second. */
export const briefRates = { before: 40, after: 140.8 } as const;

/**
 * The rate that two processors running all parts can process to the final status without a backlog, in
 * payments per second.
 */
export const followedRate = 20;

/** The rates of the open loops; each waits until its accepted payments are final. */
export const openRates: readonly number[] = [followedRate, ...Object.values(briefRates)];

/**
 * The time until all users are in step: with 200 workers and 5 s per request, the last of them waits this
 * long.
 */
const untilInStepS = (users: number) => Math.ceil(users / 200) * 5 + 1;

/** The same with 10 connections and 3.58 s per transaction. */
const untilAllHeldS = (users: number) => Math.ceil((users / 10) * 3.58) + 1;

const open = (perSecond: number, mostUsers = 1_000): Loop => ({
  kind: 'open',
  perSecond,
  mostUsers,
});

/**
 * The loads of one round, in pairs of before and after. Every second round reverses the order of each pair. The
 * lighter generator loads only our form: workers limit the others, not processors.
 */
export const planRound = (round: number, { spans }: Effort): readonly PlannedLoad[] => {
  const planned = (system: SystemName, loop: Loop, leastWarmUpS = 0): PlannedLoad => {
    const { warmUpS, windowS } = spans[system];

    return {
      system,
      load: { loop, windowS, warmUpS: Math.max(warmUpS, leastWarmUpS) },
      isDrained: system === 'after' && loop.kind === 'open',
    };
  };
  const pairs = userLevels.map((users): readonly PlannedLoad[] => [
    planned('synchronous', { kind: 'closed', users }, untilInStepS(users)),
    planned('after', { kind: 'closed', users }),
  ]);
  const ordered = round % 2 === 0 ? pairs : pairs.map((pair) => pair.toReversed());

  const light = userLevels.map((users) =>
    planned('after', { kind: 'closed', users, generator: 'light' }),
  );

  return [
    ...ordered.flat(),
    ...light,
    planned('one-transaction', { kind: 'closed', users: 50 }, untilAllHeldS(50)),
    ...openRates.map((rate) => planned('after', open(rate))),
  ];
};

export const stressedSystems: readonly StressedSystem[] = ['synchronous', 'after'];

/** The number of users with the highest throughput of each system. */
const usersAtBest: Readonly<Record<StressedSystem, number>> = { synchronous: 1_000, after: 50 };

/** The first rate of the limit search, from the throughput of the same round. */
export const firstRateOf = (
  system: StressedSystem,
  measured: readonly Pick<Measurement, 'system' | 'load' | 'perSecond'>[],
  { limits }: Effort,
): number => {
  const best = measured.find(
    ({ system: name, load: { loop } }) =>
      name === system &&
      loop.kind === 'closed' &&
      loop.generator === undefined &&
      loop.users === usersAtBest[system],
  );
  if (best === undefined) throw new Error(`There is no measurement of ${system}.`);

  return Math.max(1, Math.round(limits[system].firstPart * best.perSecond));
};

export const loadAtRate = (
  system: StressedSystem,
  perSecond: number,
  { limits }: Effort,
): PlannedLoad => {
  const { warmUpS, windowS } = limits[system];

  return { system, load: { loop: open(perSecond), warmUpS, windowS }, isDrained: false };
};
