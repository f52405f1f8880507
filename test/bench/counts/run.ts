import { join } from 'node:path';
import { table } from '../../../dev/cli/markdown.ts';
import type { Progress } from '../../../dev/cli/progress.ts';
import { readDeployment } from '../../support/cdk/deployment.ts';
import { type DatabaseName, findDatabase } from '../database/database.ts';
import { createClient, createTables } from '../database/tables.ts';
import { writeBundles } from '../host/bundles.ts';
import { describeMachine } from '../measure/machine.ts';
import { rounded } from '../measure/report.ts';
import { writeResults } from '../measure/results.ts';
import { spreadOf, sum } from '../measure/statistics.ts';
import { benchFolder } from '../tools.ts';
import { batchMs, batchSize, countInBatches, warmUp } from './batches.ts';
import { type Counter, openCounter } from './counter.ts';
import { type Counts, type FunctionCounts, total } from './counts.ts';
import { paymentKinds } from './kinds.ts';
import { type CountResults, countsFile, deployedBy } from './results.ts';

interface RunOptions {
  readonly database: DatabaseName;
  readonly step: Progress;
  readonly signal: AbortSignal;
}

/** The rounds of each kind until its own functions are warm, and the measured rounds after that. */
const warmUpRuns = 30;
const measuredRuns = 15;

/** Counts each kind of payment, stores the counts, and prints them. */
export const runCounts = async ({ database, step, signal }: RunOptions): Promise<void> => {
  const start = await findDatabase(database, step, signal);
  const opened = await start(join(benchFolder, 'logs', 'database.log'), 'empty', async () => {});
  const deployment = readDeployment('local');
  await createTables(createClient(opened.endpoint), deployment.tables);
  const bundles = writeBundles();
  const withCounter = async (
    batches: { readonly batchMs?: number },
    countKinds: (counter: Counter) => Promise<void>,
  ) => {
    const counter = await openCounter({
      deployment,
      bundles: bundles.paths,
      database: opened.endpoint,
      ...batches,
    });
    await step('Warming up', () => warmUp(counter, signal));
    await countKinds(counter);
    await counter.close();
  };
  const found: Record<string, Counts> = {};
  await withCounter({}, async (counter) => {
    for (const kind of paymentKinds) {
      found[kind.name] = await step(`Counting: ${kind.name}`, async () => {
        const seen: Counts[] = [];
        for (let turn = 0; turn < warmUpRuns + measuredRuns; turn += 1) {
          signal.throwIfAborted();
          seen.push(await counter.count(kind));
        }

        return withMedianTimes(seen.slice(warmUpRuns));
      });
    }
  });
  await withCounter({ batchMs }, async (counter) => {
    for (const kind of paymentKinds) {
      const batched = await step(`Counting in batches: ${kind.name}`, () =>
        countInBatches(counter, kind, signal),
      );
      found[kind.name] = { ...(found[kind.name] as Counts), batched };
    }
  });
  await opened.close();
  bundles.clear();

  const results: CountResults = {
    date: new Date().toISOString(),
    machine: describeMachine('no k6', database),
    deployed: deployedBy(deployment),
    kinds: found,
  };
  writeResults(countsFile, results);
  console.log(`\n${countTable(results)}`);
};

/** The counts of the last round, which all rounds share, with the medians of the measured times. */
const withMedianTimes = (runs: readonly Counts[]): Counts => {
  const last = runs.at(-1) as Counts;
  const median = (timeOf: (one: Counts) => number | undefined) =>
    Math.round(100 * spreadOf(runs.flatMap((one) => timeOf(one) ?? [])).median) / 100;

  return {
    ...last,
    functions: mapValues(
      last.functions,
      (own, folder): FunctionCounts => ({
        ...own,
        cpuMs: median(({ functions }) => functions[folder]?.cpuMs),
      }),
    ),
    requests: mapValues(last.requests, (own, folder) =>
      own.map((one, index) => ({
        ...one,
        tookMs: median(({ requests }) => requests[folder]?.[index]?.tookMs),
      })),
    ),
  };
};

const mapValues = <T>(record: Readonly<Record<string, T>>, change: (value: T, name: string) => T) =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]): [string, T] => [name, change(value, name)]),
  );

const all = (record: Readonly<Record<string, number>>) => sum(Object.values(record));

/** The counted costs of each kind of payment. */
export const countTable = ({ kinds: found }: CountResults): string =>
  table(
    [
      'payment',
      'round trips',
      'of accept',
      'write units',
      'of accept',
      'read units',
      'KB to and from DynamoDB',
      'events',
      'queue requests',
      'states',
      'PG calls',
      'invocations',
      'log bytes',
      `log bytes in batches of ${batchSize}`,
    ],
    Object.entries(found).map(([name, counts]) => [
      name,
      ...[
        total(counts, 'roundTrips'),
        counts.functions['accept-payment']?.roundTrips ?? 0,
        all(counts.written),
        counts.functions['accept-payment']?.writeUnits ?? 0,
        all(counts.read),
      ].map(String),
      rounded((counts.bytesSent + counts.bytesReceived) / 1_000),
      ...[all(counts.events), all(counts.queueRequests), counts.states, counts.pgCalls].map(String),
      ...[total(counts, 'invocations'), total(counts, 'logBytes')].map((n) =>
        n.toLocaleString('en-US'),
      ),
      counts.batched ? rounded(sum(Object.values(counts.batched).map((own) => own.logBytes))) : '',
    ]),
  );
