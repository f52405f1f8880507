import { isBroken } from './limits.ts';
import type { Loop } from './load.ts';
import { processorsOf } from './machine.ts';
import type { Measurement } from './measurement.ts';
import type { LoadResults } from './results.ts';
import type { StressedSystem } from './schedule.ts';
import { type Spread, spreadOf, sum } from './statistics.ts';
import type { SystemName } from './system.ts';
import type { Stages } from './time-to-final-status.ts';

/** The results of one load on one system over all rounds. */
export interface Summary {
  readonly system: SystemName;
  readonly loop: Loop;
  readonly perSecond: Spread;
  readonly completedPerSecond: Spread;
  readonly p50Ms: Spread;
  readonly p95Ms: Spread;
  readonly p99Ms: Spread;
  /** The sum over all rounds. */
  readonly refused: number;
  readonly dropped: number;
  readonly faults: number;
  readonly finals?: {
    readonly within30s: Spread;
    /** From the rounds with completed payments. */
    readonly medianMs?: Spread;
    readonly p99Ms?: Spread;
  };
  readonly stages?: Readonly<Record<keyof Stages, Spread>>;
  readonly cpuMsPerRequest: Readonly<Record<string, number>>;
}

const isSame = (a: Loop, b: Loop) => JSON.stringify(a) === JSON.stringify(b);

const measurementsOf = (
  results: LoadResults,
  system: SystemName,
  loop: Loop,
): readonly Measurement[] =>
  results.rounds.flatMap((round) =>
    round.filter((one) => one.system === system && isSame(one.load.loop, loop)),
  );

const summaryOf = (found: readonly Measurement[]): Summary => {
  const [first] = found;
  if (first === undefined) throw new Error('There are no measurements.');
  const spread = (value: (one: Measurement) => number) => spreadOf(found.map(value));
  const latency = (name: 'med' | 'p(95)' | 'p(99)') =>
    spread(({ seen }) => seen.latencyMs?.[name] ?? Number.NaN);
  const finals = found.flatMap((one) => one.finals ?? []);
  const stages = found.flatMap((one) => one.stages ?? []);

  return {
    system: first.system,
    loop: first.load.loop,
    perSecond: spread(({ perSecond }) => perSecond),
    completedPerSecond: spread(({ completedPerSecond }) => completedPerSecond),
    p50Ms: latency('med'),
    p95Ms: latency('p(95)'),
    p99Ms: latency('p(99)'),
    refused: sum(found.map(({ seen }) => seen.refused)),
    dropped: sum(found.map(({ seen }) => seen.dropped)),
    faults: sum(found.map(({ faults }) => faults.length)),
    ...(finals.length > 0 && {
      finals: {
        within30s: spreadOf(finals.map(({ within30s }) => within30s)),
        ...(finals.some(({ completed }) => completed > 0) && {
          medianMs: spreadOf(finals.flatMap(({ medianMs }) => medianMs ?? [])),
          p99Ms: spreadOf(finals.flatMap(({ p99Ms }) => p99Ms ?? [])),
        }),
      },
    }),
    ...(stages.length > 0 && {
      stages: {
        untilClaimedMs: spreadOf(stages.map(({ untilClaimedMs }) => untilClaimedMs)),
        untilChargedMs: spreadOf(stages.map(({ untilChargedMs }) => untilChargedMs)),
      },
    }),
    cpuMsPerRequest: Object.fromEntries(
      Object.keys(first.cpuMsPerRequest).map((part) => [
        part,
        spread(({ cpuMsPerRequest }) => cpuMsPerRequest[part] ?? Number.NaN).median,
      ]),
    ),
  };
};

/** The summary of every load on every system, in the order of the schedule. */
export const summarizeAll = (results: LoadResults): readonly Summary[] => {
  const loads = new Map(
    results.rounds.flat().map((one) => [JSON.stringify([one.system, one.load.loop]), one]),
  );

  return [...loads.values()].map(({ system, load }) =>
    summaryOf(measurementsOf(results, system, load.loop)),
  );
};

export const summarize = (results: LoadResults, system: SystemName, loop: Loop): Summary =>
  summaryOf(measurementsOf(results, system, loop));

/** The ratio of after to before, by round. */
export interface Ratios {
  readonly users: number;
  readonly throughput: Spread;
  /** The throughput that the lighter load generator found, if it was used. */
  readonly light?: Spread;
  /** The throughput if the load generator, the database and the external systems had processors of their own. */
  readonly onOwnShare: Spread;
  /** The throughput if the checkout needed no processor time: no checkout on this machine can have more. */
  readonly bound: Spread;
  /** How many times shorter the response time is. */
  readonly p50: Spread;
  readonly p99: Spread;
}

type CpuByPart = Measurement['cpuMsPerRequest'];

/** The programs that run our functions; the others only load, store or answer. */
const checkoutParts = ['front', 'back', 'effects'];

const otherCpuMs = (cpuMs: CpuByPart): number =>
  sum(Object.entries(cpuMs).flatMap(([part, ms]) => (checkoutParts.includes(part) ? [] : ms)));

/** The checkout's share of the processor time that all programs used. */
const checkoutShareOf = ({ cpuMsPerRequest }: Measurement): number =>
  1 - otherCpuMs(cpuMsPerRequest) / sum(Object.values(cpuMsPerRequest));

export const ratiosAt = (results: LoadResults, users: number): Ratios => {
  const loop = { kind: 'closed', users } as const;
  const pairs = results.rounds.map((round) => {
    const one = (system: SystemName) =>
      round.find((each) => each.system === system && isSame(each.load.loop, loop));
    const [before, after] = [one('synchronous'), one('after')];
    const light = round.find(({ load }) => isSame(load.loop, { ...loop, generator: 'light' }));
    if (!before || !after)
      throw new Error(`A round has no pair of measurements at ${users} users.`);

    return { before, after, light };
  });
  const lightTimes = pairs.flatMap(({ before, light }) =>
    light ? light.perSecond / before.perSecond : [],
  );
  const processors = processorsOf(results.machine);
  const times = (throughput: (after: Measurement) => number) =>
    spreadOf(pairs.map(({ before, after }) => throughput(after) / before.perSecond));
  const latency = (name: 'med' | 'p(99)') =>
    spreadOf(
      pairs.map(
        ({ before, after }) =>
          (before.seen.latencyMs?.[name] ?? Number.NaN) /
          (after.seen.latencyMs?.[name] ?? Number.NaN),
      ),
    );

  return {
    users,
    throughput: times(({ perSecond }) => perSecond),
    ...(lightTimes.length > 0 && { light: spreadOf(lightTimes) }),
    onOwnShare: times((after) => after.perSecond / checkoutShareOf(after)),
    bound: times(({ cpuMsPerRequest }) => (1_000 * processors) / otherCpuMs(cpuMsPerRequest)),
    p50: latency('med'),
    p99: latency('p(99)'),
  };
};

/** The limits of a system. `promptUpTo` is undefined if no rate was prompt in some round. */
export const limitsFor = (results: LoadResults, system: StressedSystem) => {
  const limits = results.limits[system];
  const prompt = limits.flatMap(({ promptUpTo }) => promptUpTo ?? []);

  return {
    ...(prompt.length === limits.length && { promptUpTo: spreadOf(prompt) }),
    breaksAt: spreadOf(limits.map(({ breaksAt }) => breaksAt)),
    mostAnswered: spreadOf(
      limits.map(({ tried }) =>
        Math.max(...tried.filter((one) => !isBroken(one)).map(({ perSecond }) => perSecond), 0),
      ),
    ),
  };
};

/** One line per refusal or discrepancy, for all systems. */
export const findProblems = (results: LoadResults): readonly string[] =>
  results.rounds.flatMap((round, number) =>
    round.flatMap(({ system, load, seen, faults }) => [
      ...(seen.refused > 0
        ? [`round ${number + 1}, ${system}, ${JSON.stringify(load.loop)}: ${seen.refused} refused`]
        : []),
      ...faults.slice(0, 3).map((fault) => `round ${number + 1}, ${system}: ${fault}`),
    ]),
  );
