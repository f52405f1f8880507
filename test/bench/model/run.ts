import { join } from 'node:path';
import { CliError } from '../../../dev/cli/cli-error.ts';
import { table } from '../../../dev/cli/markdown.ts';
import type { Progress } from '../../../dev/cli/progress.ts';
import { type CountResults, countsFile } from '../counts/results.ts';
import { rounded } from '../measure/report.ts';
import { readResults, resultsFolder, writeResults } from '../measure/results.ts';
import { latencies, megabytesOfOneProcessor } from './latencies.ts';
import { type ModelResult, simulatePayments } from './model.ts';
import {
  chargerOf,
  type MeasuredWork,
  pipelineVariants,
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
  const results: ModelResults = { date: new Date().toISOString(), work, runs };
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
  ].join('\n');
