import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '../../../dev/cli/progress.ts';
import type { Deployment } from '../../support/cdk/deployment/deployed-resources.ts';
import { readDeployment } from '../../support/cdk/deployment.ts';
import { type DatabaseName, findDatabase } from '../database/database.ts';
import { writeBundles } from '../host/bundles.ts';
import { benchFolder, findTool } from '../tools.ts';
import { environmentsAt, environmentsFor } from './environments.ts';
import { findLimits, type Limits } from './limits.ts';
import { describeMachine } from './machine.ts';
import { type MeasureOptions, measure } from './measure.ts';
import type { Measurement } from './measurement.ts';
import { plotsOf } from './plots.ts';
import { loopText, reportOf, rounded } from './report.ts';
import { type LoadResults, resultsFolder, writeResults } from './results.ts';
import {
  briefRates,
  firstRateOf,
  full,
  loadAtRate,
  type PlannedLoad,
  planRound,
  quick,
  type StressedSystem,
  stressedSystems,
} from './schedule.ts';

interface RunOptions {
  readonly effort: LoadResults['effort'];
  readonly rounds?: number | undefined;
  readonly database: DatabaseName;
  readonly step: Progress;
  readonly signal: AbortSignal;
}

/**
 * The brief's figures: gateway 5 s, data platform 3 s, notification 500 ms; 200 threads, 10 connections.
 * The functions that wait for them are enough for the brief's target of 140.8 payments per second.
 */
const outside = { pgMs: 5_000, dataPlatformMs: 3_000, notificationMs: 500 } as const;
const settingsFor = (deployment: Deployment) => ({
  environments: environmentsFor(availableParallelism()),
  waiting: environmentsAt(briefRates.after, deployment, outside),
  workerSlots: 200,
  connections: 10,
  outside,
});

const orders = 48_000;

/** Load-tests all forms in each round, stores the results and plots, and prints the report. */
export const runLoads = async ({ effort, database, step, signal, ...options }: RunOptions) => {
  const extent = { full, quick }[effort];
  const rounds = options.rounds ?? extent.rounds;
  const k6 = await findTool('k6', step, signal);
  const startDatabase = await findDatabase(database, step, signal);
  const bundles = writeBundles();
  // The queues do not limit their consumers: the bench does.
  const { consumers, ...resources } = readDeployment('sandbox');
  const deployment = {
    ...resources,
    consumers: consumers.map((one) => ({ ...one, maxConcurrency: undefined })),
  };
  const settings = settingsFor(deployment);
  const bench: MeasureOptions = {
    ...settings,
    k6,
    startDatabase,
    orders,
    deployment,
    bundles: bundles.paths,
    logs: join(benchFolder, 'logs'),
  };
  const one = (title: string, planned: PlannedLoad): Promise<Measurement> =>
    step(`${title}: ${planned.system}, ${loopText(planned.load.loop)}`, async (report) => {
      signal.throwIfAborted();
      const measured = await measure(planned, bench);
      const { perSecond, seen } = measured;
      report(`${rounded(perSecond)} answered/s, p99 ${rounded(seen.latencyMs?.['p(99)'] ?? 0)} ms`);

      return measured;
    });

  const folder = resultsFolder(effort);
  const begun = {
    date: new Date().toISOString(),
    machine: describeMachine(k6, database),
    effort,
    plannedRounds: rounds,
    settings,
  };
  const done: Measurement[][] = [];
  const limits: Record<StressedSystem, Limits[]> = { synchronous: [], after: [] };
  let results: LoadResults | undefined;
  for (let round = 0; round < rounds; round += 1) {
    const title = `Round ${round + 1} of ${rounds}`;
    const measured: Measurement[] = [];
    for (const planned of planRound(round, extent)) measured.push(await one(title, planned));
    for (const system of stressedSystems) {
      limits[system].push(
        await findLimits(firstRateOf(system, measured, extent), extent.limits[system], (rate) =>
          one(`${title}, limits`, loadAtRate(system, rate, extent)),
        ),
      );
    }
    done.push(measured);
    // If the run is stopped now, the complete rounds are kept.
    results = { ...begun, rounds: done, limits };
    writeResults(join(folder, 'load.json'), results);
    drawPlots(results, folder);
  }
  bundles.clear();
  if (results) console.log(`\n${reportOf(results)}\n\nResults and plots are in ${folder}.`);
};

export const drawPlots = (results: LoadResults, folder: string): void => {
  mkdirSync(folder, { recursive: true });
  for (const [name, svg] of Object.entries(plotsOf(results)))
    writeFileSync(join(folder, name), svg);
};
