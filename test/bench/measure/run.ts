import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../../../dev/cli/progress.ts';
import { type DatabaseName, databaseOf } from '../database/database.ts';
import { writtenBundles } from '../host/bundles.ts';
import { planOf } from '../host/plan.ts';
import { ownFolder, toolOf } from '../tools.ts';
import { findLimits, type Limits } from './limits.ts';
import { thisMachine } from './machine.ts';
import { type Bench, type Measurement, measure } from './measure.ts';
import { plotsOf } from './plots.ts';
import { loopText, reportOf, rounded } from './report.ts';
import { type LoadResults, resultsFolder, writeResults } from './results.ts';
import {
  firstRateOf,
  full,
  type Planned,
  type Pushed,
  pushed,
  quick,
  roundOf,
  stepAt,
} from './schedule.ts';

interface RunOptions {
  readonly effort: LoadResults['effort'];
  readonly rounds?: number | undefined;
  readonly database: DatabaseName;
  readonly step: Step;
  readonly signal: AbortSignal;
}

/**
 * The brief's own figures: the PG takes 5 s, the data platform 3 s, a notification 500 ms; 200 threads, 10 connections. Eighty chargers can
 * have as many charges at the PG as the brief's hope of 140.8 payments a second asks for.
 */
const settings = {
  environments: 8,
  chargers: 80,
  workerSlots: 200,
  connections: 10,
  outside: { pgMs: 5_000, dataPlatformMs: 3_000, notificationMs: 500 },
} as const;

const orders = 48_000;

/** Loads the forms side by side, round after round; keeps what was seen, draws it, and says it. */
export const runLoads = async ({ effort, database, step, signal, ...options }: RunOptions) => {
  const extent = { full, quick }[effort];
  const rounds = options.rounds ?? extent.rounds;
  const k6 = await toolOf('k6', step, signal);
  const startDatabase = await databaseOf(database, step, signal);
  const bundles = writtenBundles();
  const bench: Bench = {
    ...settings,
    k6,
    startDatabase,
    orders,
    plan: planOf('sandbox', { chargeConcurrency: String(settings.chargers) }),
    bundles: bundles.paths,
    logs: join(ownFolder, 'logs'),
  };
  const one = (title: string, planned: Planned): Promise<Measurement> =>
    step(`${title}: ${planned.system}, ${loopText(planned.load.loop)}`, async (say) => {
      signal.throwIfAborted();
      const measured = await measure(planned, bench);
      const { perSecond, seen } = measured;
      say(`${rounded(perSecond)} answered/s, p99 ${rounded(seen.latencyMs?.['p(99)'] ?? 0)} ms`);

      return measured;
    });

  const folder = resultsFolder(effort);
  const begun = {
    date: new Date().toISOString(),
    machine: thisMachine(k6, database),
    effort,
    plannedRounds: rounds,
    settings,
  };
  const done: Measurement[][] = [];
  const limits: Record<Pushed, Limits[]> = { synchronous: [], after: [] };
  let results: LoadResults | undefined;
  for (let round = 0; round < rounds; round += 1) {
    const title = `Round ${round + 1} of ${rounds}`;
    const measured: Measurement[] = [];
    for (const planned of roundOf(round, extent)) measured.push(await one(title, planned));
    for (const system of pushed) {
      limits[system].push(
        await findLimits(firstRateOf(system, measured, extent), extent.limits[system], (rate) =>
          one(`${title}, limits`, stepAt(system, rate, extent)),
        ),
      );
    }
    done.push(measured);
    // Whoever stops it now keeps the rounds that are whole.
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
