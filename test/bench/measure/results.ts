import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../../dev/cli/paths.ts';
import { benchFolder } from '../tools.ts';
import type { Limits } from './limits.ts';
import type { Machine } from './machine.ts';
import type { Measurement } from './measurement.ts';
import type { StressedSystem } from './schedule.ts';
import type { SystemSettings } from './system.ts';

/** The stored results of a load test. */
export interface LoadResults {
  /** ISO 8601. */
  readonly date: string;
  readonly machine: Machine;
  readonly effort: 'full' | 'quick';
  /** The number of planned rounds. If `rounds` has fewer, the run was stopped. */
  readonly plannedRounds: number;
  readonly settings: Pick<
    SystemSettings,
    'environments' | 'waiting' | 'workerSlots' | 'connections' | 'outside'
  >;
  readonly rounds: readonly (readonly Measurement[])[];
  /** By system, one per round. */
  readonly limits: Readonly<Record<StressedSystem, readonly Limits[]>>;
}

/** The folder of results: docs/bench for full runs, the bench folder for quick ones. */
export const resultsFolder = (effort: LoadResults['effort']): string =>
  effort === 'full' ? join(root, 'docs', 'bench') : join(benchFolder, 'results');

export const writeResults = (file: string, results: object): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
};

export const readResults = <T>(file: string): T | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
