import { join } from 'node:path';
import { table } from '../../../dev/cli/markdown.ts';
import type { Progress } from '../../../dev/cli/progress.ts';
import { rounded } from '../measure/report.ts';
import { resultsFolder, writeResults } from '../measure/results.ts';
import { type ConflictResult, type ConflictScenario, simulateConflicts } from './model.ts';

/** The stored results of the conflict model. */
export interface ConflictResults {
  readonly date: string;
  readonly runs: readonly {
    readonly scenario: ConflictScenario;
    readonly result: ConflictResult;
  }[];
}

/** The range of what AWS and others have measured for a transaction of a few items. */
const holds = [10, 15, 25];
/** The shards of the product, by requests per second. */
const shardsByRate: Readonly<Record<number, readonly number[]>> = {
  10: [1],
  30: [1, 5],
  100: [1, 20],
  300: [1, 50],
  1000: [1, 100, 200],
};

/** Settlements begin five to six seconds after the first accept, and few buyers need a longer window. */
const scenarioOf = (perSecond: number, stockShards: number, holdMs: number): ConflictScenario => ({
  perSecond,
  holdMs,
  stockShards,
  seconds: perSecond < 100 ? 100 : 14,
  warmUpSeconds: 7,
});

/** Models buyers of one product at each rate and number of shards, stores the results, and prints them. */
export const runConflict = async ({ step }: { readonly step: Progress }): Promise<void> => {
  const runs: ConflictResults['runs'][number][] = [];
  for (const holdMs of holds) {
    for (const [rate, shards] of Object.entries(shardsByRate)) {
      for (const stockShards of shards) {
        const scenario = scenarioOf(Number(rate), stockShards, holdMs);
        const title = `${rate}/s of one product on ${stockShards} shards, held for ${holdMs} ms`;
        runs.push({ scenario, result: await step(title, () => simulateConflicts(scenario)) });
      }
    }
  }
  const results: ConflictResults = { date: new Date().toISOString(), runs };
  writeResults(join(resultsFolder('full'), 'conflict.json'), results);
  console.log(`\n${conflictTable(results)}`);
};

export const conflictTable = ({ runs }: ConflictResults): string =>
  table(
    ['held ms', 'requests/s', 'shards', 'accepted', 'p50 ms', 'p99 ms', 'transactions', 'refused'],
    runs.map(({ scenario, result }) => [
      `${scenario.holdMs}`,
      scenario.perSecond.toLocaleString('en-US'),
      `${scenario.stockShards}`,
      `${(100 * result.accepted).toFixed(1)} %`,
      rounded(result.medianMs),
      rounded(result.p99Ms),
      result.transactionsEach.toFixed(2),
      result.conflictsEach.toFixed(2),
    ]),
  );
