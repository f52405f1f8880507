import { readDeployment } from '../support/cdk/deployment.ts';
import { contexts } from '../support/cdk/synthesis.ts';
import { type RunOptions, type RunResult, runSeed } from './run-seed.ts';

export interface ExploreOptions extends Omit<RunOptions, 'seed'> {
  readonly seeds: Iterable<number>;
  /** No seed starts after this time; in milliseconds of real time. */
  readonly maxMs?: number | undefined;
  /** Stops after this number of seeds with findings. */
  readonly maxFailures?: number | undefined;
  readonly onResult?: ((result: RunResult, totals: Totals) => void) | undefined;
}

/** Sums over all runs. */
export interface Totals {
  readonly seeds: number;
  readonly invocations: number;
  readonly calls: number;
  readonly faults: number;
  readonly findings: number;
  /** The seeds with findings. */
  readonly failedSeeds: readonly number[];
  /** Time of the processor in seconds. */
  readonly processorSeconds: number;
}

/** Runs seeds one after the other. */
export const explore = async (options: ExploreOptions): Promise<Totals> => {
  const { seeds, maxMs = Number.POSITIVE_INFINITY, maxFailures, onResult, ...run } = options;
  // Reading the templates takes longer than many runs.
  for (const stage of ['local', 'sandbox'] as const) readDeployment(stage, contexts[stage]);
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const failedSeeds: number[] = [];
  let totals: Totals = {
    seeds: 0,
    invocations: 0,
    calls: 0,
    faults: 0,
    findings: 0,
    failedSeeds,
    processorSeconds: 0,
  };
  for (const seed of seeds) {
    if (performance.now() - startedAt > maxMs || failedSeeds.length === maxFailures) break;
    const result = await runSeed({ ...run, seed });
    if (result.findings.length > 0) failedSeeds.push(seed);
    const { user, system } = process.cpuUsage(cpu);
    totals = {
      seeds: totals.seeds + 1,
      invocations: totals.invocations + result.record.invocations,
      calls: totals.calls + result.calls,
      faults: totals.faults + result.faultNames.length,
      findings: totals.findings + result.findings.length,
      failedSeeds,
      processorSeconds: (user + system) / 1_000_000,
    };
    onResult?.(result, totals);
  }

  return totals;
};
