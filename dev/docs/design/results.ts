import { join } from 'node:path';
import type { ColdResults } from '../../../test/bench/cold/run.ts';
import type { ConflictResults } from '../../../test/bench/conflict/run.ts';
import { type CountResults, countsFile } from '../../../test/bench/counts/results.ts';
import type { GatewayResults } from '../../../test/bench/measure/gateway.ts';
import {
  type LoadResults,
  readResults,
  resultsFolder,
} from '../../../test/bench/measure/results.ts';
import type { ModelResults } from '../../../test/bench/model/run.ts';

/** The benchmark results stored in docs/bench. */
export interface BenchResults {
  readonly load: LoadResults;
  readonly counts: CountResults;
  readonly cold: ColdResults;
  readonly model: ModelResults;
  readonly gateway: GatewayResults;
  readonly conflict: ConflictResults;
}

const readFullResults = <T>(name: string) => readResults<T>(join(resultsFolder('full'), name));

/** The results, or undefined if one is missing. */
export const benchResults = (): BenchResults | undefined => {
  const load = readFullResults<LoadResults>('load.json');
  const counts = readResults<CountResults>(countsFile);
  const cold = readFullResults<ColdResults>('cold-start.json');
  const model = readFullResults<ModelResults>('model.json');
  const gateway = readFullResults<GatewayResults>('gateway.json');
  const conflict = readFullResults<ConflictResults>('conflict.json');
  if (!(load && counts && cold && model && gateway && conflict)) return undefined;

  return { load, counts, cold, model, gateway, conflict };
};
