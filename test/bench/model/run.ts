import { join } from 'node:path';
import { CliError } from '../../../dev/cli/cli-error.ts';
import { table } from '../../../dev/cli/markdown.ts';
import type { Progress } from '../../../dev/cli/progress.ts';
import { dueShards } from '../../../shared/domain/due-index.ts';
import { dayPartitions } from '../../../shared/persistence/dynamodb/keys.ts';
import { type CountResults, countsFile } from '../counts/results.ts';
import { rounded } from '../measure/report.ts';
import { readResults, resultsFolder, writeResults } from '../measure/results.ts';
import { latencies, megabytesOfOneProcessor } from './latencies.ts';
import { type ModelResult, simulatePayments } from './model.ts';
import { needsAt, type RateNeeds } from './needs.ts';
import { executionTable, needTable, quotaSourceTable, regionTable } from './needs-report.ts';
import {
  chargerOf,
  type MeasuredWork,
  pipelineVariants,
  quotaRates,
  raised,
  relayOf,
  scenarios,
  shardsSource,
} from './settings.ts';

/** The stored results of the model. */
export interface ModelResults {
  readonly date: string;
  readonly work: MeasuredWork;
  readonly runs: readonly {
    readonly pace: string;
    readonly scenario: string;
    readonly said: ModelResult;
  }[];
  /** The quotas that each rate needs. */
  readonly needs: readonly RateNeeds[];
}

/** The computing time of our code, from the counts of an approved payment. */
export const computeWork = ({ kinds, deployed }: CountResults): MeasuredWork => {
  const { functions = {}, batched = {} } = kinds.approved ?? {};
  const ms = (folder: string) => {
    // Counted alone, each invocation has one record or one message.
    const { cpuMs = Number.NaN, invocations = 1 } = { ...functions[folder], ...batched[folder] };
    const memory = deployed.memoryMb[folder] ?? Number.NaN;

    return cpuMs / invocations / Math.min(1, memory / megabytesOfOneProcessor.value);
  };

  return { msOfARecord: ms('relay-changes'), msOfAPayment: ms('charge-payment') };
};

/**
 * Partition keys that all payments write, by table or index. Of rankings, those of one day without the earlier one: a
 * transaction writes the count there, and with as many units the marker of the event under a key of its own.
 */
const sharedKeys = {
  'Payments.byDue': { keys: dueShards.length, share: 1 },
  Rankings: { keys: dayPartitions('').length - 1, share: 1 / 2 },
};

/** The quotas that each rate needs, with the modelled time to the final status as the time that buyers wait. */
export const quotaNeeds = (
  { kinds, deployed }: CountResults,
  work: MeasuredWork,
): readonly RateNeeds[] => {
  const { approved } = kinds;
  if (approved === undefined) throw new CliError('The counts have no approved payment.');

  return quotaRates.map((perSecond) => {
    const scenario = { name: '', perSecond, seconds: 60, warmUpSeconds: 20, isWarm: true };
    const { medianMs } = simulatePayments(scenario, relayOf(raised, work), chargerOf(raised, work));

    return needsAt(
      { perSecond, finalMs: medianMs },
      { counts: approved, deployed, sharedKeys },
      raised.windowMs,
    );
  });
};

/** Models the time to the final status at each rate, for production and each scenario. */
export const runModel = async ({ step }: { readonly step: Progress }): Promise<void> => {
  const counts = readResults<CountResults>(countsFile);
  if (counts === undefined)
    throw new CliError('There are no counts yet. Run: npm run bench -- counts');
  const work = computeWork(counts);
  const runs: ModelResults['runs'][number][] = [];
  for (const scenario of scenarios) {
    for (const pace of pipelineVariants) {
      const said = await step(`${scenario.name}: ${pace.name}`, async () =>
        simulatePayments(scenario, relayOf(pace, work), chargerOf(pace, work)),
      );
      runs.push({ pace: pace.name, scenario: scenario.name, said });
    }
  }
  const needs = await step('quotas', async () => quotaNeeds(counts, work));
  const results: ModelResults = { date: new Date().toISOString(), work, runs, needs };
  writeResults(join(resultsFolder('full'), 'model.json'), results);
  console.log(`\n${modelReport(results)}`);
};

const seconds = (ms: number) => rounded(ms / 1_000);

export const modelTable = ({ runs }: ModelResults): string =>
  table(
    [
      'rate',
      'settings',
      'final in 30 s',
      'p50 s',
      'p99 s',
      'p99.9 s',
      'payments per batch',
      'chargers',
    ],
    runs.map(({ pace, scenario, said }) => [
      scenario,
      pace,
      `${(100 * said.within30s).toFixed(2)} %`,
      seconds(said.medianMs),
      seconds(said.p99Ms),
      seconds(said.p999Ms),
      said.inABatch.toFixed(1),
      said.chargers.toLocaleString('en-US'),
    ]),
  );

export const inputTable = ({ work }: ModelResults): string =>
  table(
    ['input', 'value', 'source'],
    [
      ...Object.entries(latencies).map(([name, { value, source }]) => [
        name,
        value.toLocaleString('en-US'),
        source,
      ]),
      ['shards', '4', shardsSource],
      ['relay, ms per record', rounded(work.msOfARecord), '`npm run bench -- counts`'],
      ['charger, ms per payment', rounded(work.msOfAPayment), '`npm run bench -- counts`'],
    ],
  );

const modelReport = (results: ModelResults): string =>
  [
    `From accept to the final status, by a model:\n\n${modelTable(results)}`,
    `\nInputs:\n\n${inputTable(results)}`,
    `\nQuotas that a rate needs:\n\n${needTable(results)}`,
    `\nLambda executions to reserve:\n\n${executionTable(results)}`,
    `\nDefault quotas by region:\n\n${regionTable(results)}`,
    `\nSources of the quotas:\n\n${quotaSourceTable()}`,
  ].join('\n');
