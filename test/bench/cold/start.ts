import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Spread, spreadOf } from '../measure/statistics.ts';

/** The cost of loading a bundle over starting an empty process, in milliseconds. */
export interface ColdStart {
  /** Elapsed time, from the first line of the bundle to its last. */
  readonly tookMs: Spread;
  /** Processor time, minus that of an empty process. */
  readonly cpuMs: Spread;
}

interface LoadTimes {
  readonly tookMs: number;
  readonly cpuMs: number;
}

const script = fileURLToPath(new URL('./load.mjs', import.meta.url));

const startProcess = (
  bundle: string | undefined,
  environment: Readonly<Record<string, string>>,
): LoadTimes => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [script, ...(bundle ? [bundle] : [])],
    { env: { ...process.env, ...environment }, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${bundle} did not load: ${stderr}`);

  return JSON.parse(stdout.slice(stdout.lastIndexOf('{'))) as LoadTimes;
};

export interface Candidate {
  readonly name: string;
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Starts the candidates in turn, with an empty process in each round, so that other load affects all of them.
 */
export const measureStarts = (
  candidates: readonly Candidate[],
  rounds: number,
): Readonly<Record<string, ColdStart>> => {
  const seen = new Map<string, { tookMs: number[]; cpuMs: number[] }>(
    candidates.map(({ name }) => [name, { tookMs: [], cpuMs: [] }]),
  );
  for (let round = 0; round < rounds; round += 1) {
    const empty = startProcess(undefined, {});
    for (const { name, bundle, environment } of candidates) {
      const { tookMs, cpuMs } = startProcess(bundle, environment);
      seen.get(name)?.tookMs.push(tookMs);
      seen.get(name)?.cpuMs.push(cpuMs - empty.cpuMs);
    }
  }

  return Object.fromEntries(
    [...seen].map(([name, { tookMs, cpuMs }]) => [
      name,
      { tookMs: spreadOf(tookMs), cpuMs: spreadOf(cpuMs) },
    ]),
  );
};
