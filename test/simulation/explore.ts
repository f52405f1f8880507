import type { SeedReport } from './series/seed-report.ts';

export interface ExploreOptions {
  readonly seeds: Iterable<number>;
  readonly run: (seed: number) => Promise<SeedReport>;
  /** How many seeds run at the same time, 1 by default. */
  readonly jobs?: number | undefined;
  /** No seed starts after this time; in milliseconds of real time. */
  readonly maxMs?: number | undefined;
  /** Starts no seed after this number of seeds with findings. */
  readonly maxFailures?: number | undefined;
  /** Called as the runs end. */
  readonly onReport?: ((report: SeedReport, totals: Totals) => void) | undefined;
}

/** Sums over all runs. */
export interface Totals {
  readonly seeds: number;
  readonly invocations: number;
  readonly calls: number;
  readonly faults: number;
  readonly findings: number;
  /** The seeds with findings, in ascending order. */
  readonly failedSeeds: readonly number[];
  /** Time of the processor in seconds. */
  readonly processorSeconds: number;
}

const nothing: Totals = {
  seeds: 0,
  invocations: 0,
  calls: 0,
  faults: 0,
  findings: 0,
  failedSeeds: [],
  processorSeconds: 0,
};

const withReport = (totals: Totals, report: SeedReport): Totals => ({
  seeds: totals.seeds + 1,
  invocations: totals.invocations + report.invocations,
  calls: totals.calls + report.calls,
  faults: totals.faults + report.faults,
  findings: totals.findings + report.findings.length,
  failedSeeds:
    report.findings.length === 0
      ? totals.failedSeeds
      : [...totals.failedSeeds, report.seed].toSorted((one, other) => one - other),
  processorSeconds: totals.processorSeconds + report.processorSeconds,
});

/** Runs seeds in their order, several at the same time if wanted. */
export const explore = async (options: ExploreOptions): Promise<Totals> => {
  const { run, jobs = 1, maxMs = Number.POSITIVE_INFINITY, maxFailures, onReport } = options;
  const seeds = options.seeds[Symbol.iterator]();
  const startedAt = performance.now();
  let totals = nothing;
  const isOver = () =>
    performance.now() - startedAt > maxMs || totals.failedSeeds.length === maxFailures;
  const runNext = async (): Promise<void> => {
    while (!isOver()) {
      const { value: seed, done } = seeds.next();
      if (done) return;
      const report = await run(seed);
      totals = withReport(totals, report);
      onReport?.(report, totals);
    }
  };
  await Promise.all(Array.from({ length: jobs }, runNext));

  return totals;
};
