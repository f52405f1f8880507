import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../../../dev/steps.ts';
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
import { firstRate, full, type Planned, quick, roundOf, stepAt } from './schedule.ts';

interface RunOptions {
  readonly effort: LoadResults['effort'];
  readonly rounds?: number | undefined;
  readonly database: DatabaseName;
  readonly step: Step;
  readonly signal: AbortSignal;
}

/** The brief's own figures: the PG takes 5 s, the data platform 3 s, a notification 500 ms; 200 threads, 10 connections. */
const settings = {
  environments: 8,
  chargers: 40,
  workerSlots: 200,
  connections: 10,
  outside: { pgMs: 5_000, dataPlatformMs: 3_000, notificationMs: 500 },
} as const;

const orders = 48_000;

/** Loads the forms side by side, round after round; keeps what was seen, draws it, and says it. */
export const runLoads = async ({ effort, database, step, signal, ...options }: RunOptions) => {
  const { rounds: usual, ...extent } = { full, quick }[effort];
  const rounds = options.rounds ?? usual;
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

  const done: Measurement[][] = [];
  const limits: Record<'synchronous' | 'after', Limits[]> = { synchronous: [], after: [] };
  for (let round = 0; round < rounds; round += 1) {
    const title = `Round ${round + 1} of ${rounds}`;
    const measured: Measurement[] = [];
    const effortNow = { ...extent, rounds };
    for (const planned of roundOf(round, effortNow)) measured.push(await one(title, planned));
    done.push(measured);
    for (const system of ['synchronous', 'after'] as const) {
      limits[system].push(
        await findLimits(firstRate[system], extent, (rate) =>
          one(`${title}, limits`, stepAt(system, rate, effortNow)),
        ),
      );
    }
  }
  bundles.clear();

  const results: LoadResults = {
    date: new Date().toISOString(),
    machine: thisMachine(k6, database),
    effort,
    settings,
    rounds: done,
    limits,
  };
  const folder = resultsFolder(effort);
  writeResults(join(folder, 'load.json'), results);
  drawPlots(results, folder);
  console.log(`\n${reportOf(results)}\n\nResults and plots are in ${folder}.`);
};

export const drawPlots = (results: LoadResults, folder: string): void => {
  mkdirSync(folder, { recursive: true });
  for (const [name, svg] of Object.entries(plotsOf(results)))
    writeFileSync(join(folder, name), svg);
};
