import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Spread, spreadOf } from '../measure/statistics.ts';

/** What a part of a start takes, in milliseconds. */
export interface ColdTimes {
  readonly tookMs: Spread;
  /** Processor time; that of an empty process is subtracted from the loading. */
  readonly cpuMs: Spread;
}

/** What it takes to load a bundle, with its read at initialization. */
export interface ColdStart extends ColdTimes {
  /** Of a candidate with an event. */
  readonly firstRequest?: ColdTimes;
}

interface Times {
  readonly tookMs: number;
  readonly cpuMs: number;
}

interface Start {
  readonly load: Times;
  readonly invocation?: Times & { readonly statusCode?: number };
}

export interface Candidate {
  readonly name: string;
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The first event after the start, and the status code of its response. */
  readonly request?: { readonly event: object; readonly expectedStatus: number };
}

const script = fileURLToPath(new URL('./load.mjs', import.meta.url));
const run = promisify(execFile);

const startProcess = async ({ bundle, environment, request }: Partial<Candidate>) => {
  const args = [
    script,
    ...(bundle ? [bundle] : []),
    ...(request ? [JSON.stringify(request.event)] : []),
  ];
  const { stdout } = await run(process.execPath, args, {
    env: { ...process.env, ...environment },
  }).catch((error) => {
    throw new Error(`${bundle} did not load: ${error.stderr}`);
  });
  const start = JSON.parse(stdout.split('\n').at(-1) ?? '') as Start;
  if (request && start.invocation?.statusCode !== request.expectedStatus) {
    throw new Error(`${bundle} answered ${start.invocation?.statusCode}: ${stdout}`);
  }

  return start;
};

const timesOf = (times: readonly Times[]): ColdTimes => ({
  tookMs: spreadOf(times.map(({ tookMs }) => tookMs)),
  cpuMs: spreadOf(times.map(({ cpuMs }) => cpuMs)),
});

/**
 * Starts the candidates in turn, with an empty process in each round, so that other load affects all of them.
 */
export const measureStarts = async (
  candidates: readonly Candidate[],
  rounds: number,
): Promise<Readonly<Record<string, ColdStart>>> => {
  const seen = new Map<string, Start[]>(candidates.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const empty = await startProcess({});
    for (const candidate of candidates) {
      const { load, ...rest } = await startProcess(candidate);
      const cpuMs = load.cpuMs - empty.load.cpuMs;
      seen.get(candidate.name)?.push({ ...rest, load: { ...load, cpuMs } });
    }
  }

  return Object.fromEntries(
    [...seen].map(([name, starts]) => {
      const requests = starts.flatMap(({ invocation }) => invocation ?? []);

      return [
        name,
        {
          ...timesOf(starts.map(({ load }) => load)),
          ...(requests.length > 0 && { firstRequest: timesOf(requests) }),
        },
      ];
    }),
  );
};
