import type { Load, Loop } from './load.ts';
import type { Measurement } from './measure.ts';
import type { SystemName } from './system.ts';

/** One load on one system. */
export interface PlannedLoad {
  readonly system: SystemName;
  readonly load: Load;
  /** Whether those accepted last are waited for. */
  readonly isDrained: boolean;
}

/** How long something is looked at, in seconds. */
type Duration = Pick<Load, 'warmUpS' | 'windowS'>;

/** How a limit is looked for. */
export interface LimitSearch extends Duration {
  /** Of what a closed loop was answered in this round: the part that is asked for first. */
  readonly firstPart: number;
  /** From one rate to the next one up. */
  readonly factor: number;
  /** How often the gap between the last good and the first bad rate is halved. */
  readonly refinements: number;
}

/** Systems that are pushed until they break. */
export type StressedSystem = Exclude<SystemName, 'one-transaction'>;

export interface Effort {
  readonly rounds: number;
  readonly spans: Readonly<Record<SystemName, Duration>>;
  readonly limits: Readonly<Record<StressedSystem, LimitSearch>>;
}

// The slow forms answer in waves of 5 s and of 3.58 s, so their windows hold many of them. Ours answers hundreds of times a second.
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

/** What the brief says that the synchronous form could do at most, and what it hopes of the other one. Payments a second. */
export const briefRates = { before: 40, after: 140.8 } as const;

/** What two processors that play all parts can follow to the final word, so that nothing piles up behind the commit. Payments a second. */
export const followedRate = 20;

/** The rates of open loops, each of which waits for the final word of what it was answered. */
export const openRates: readonly number[] = [followedRate, ...Object.values(briefRates)];

/** With 200 workers and 5 s for each request, who comes last of so many waits so long until all are in step. */
const untilInStepS = (users: number) => Math.ceil(users / 200) * 5 + 1;

/** With 10 connections and 3.58 s for each transaction. */
const untilAllHeldS = (users: number) => Math.ceil((users / 10) * 3.58) + 1;

const open = (perSecond: number, mostUsers = 1_000): Loop => ({
  kind: 'open',
  perSecond,
  mostUsers,
});

/** The loads of one round, before and after side by side; every second round the other way about, so that neither always comes first. */
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

  return [
    ...ordered.flat(),
    planned('one-transaction', { kind: 'closed', users: 50 }, untilAllHeldS(50)),
    ...openRates.map((rate) => planned('after', open(rate))),
  ];
};

export const stressedSystems: readonly StressedSystem[] = ['synchronous', 'after'];

/** Where each system has answered the most: with all its workers at work, and with as many buyers as keep ours busy. */
const usersAtBest: Readonly<Record<StressedSystem, number>> = { synchronous: 1_000, after: 50 };

/** The rate that a system is asked for first, by what it answered in the same round. */
export const firstRateOf = (
  system: StressedSystem,
  measured: readonly Pick<Measurement, 'system' | 'load' | 'perSecond'>[],
  { limits }: Effort,
): number => {
  const best = measured.find(
    ({ system: name, load: { loop } }) =>
      name === system && loop.kind === 'closed' && loop.users === usersAtBest[system],
  );
  if (best === undefined) throw new Error(`Nothing was measured of ${system}.`);

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
