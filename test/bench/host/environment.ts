import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What an execution environment is started with. */
export interface Home {
  readonly folder: string;
  /** Path of the function's bundle. */
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export interface Asked {
  readonly event: unknown;
}

/** How one invocation ended. */
export interface Told {
  readonly result?: unknown;
  readonly error?: string;
  readonly durationMs: number;
  /** Of processor time, this thread's alone. */
  readonly cpuMs: number;
  readonly logBytes: number;
}

/** One execution environment of a function: a thread with the bundle that is deployed, which answers one event at a time. */
export interface Environment {
  invoke(event: unknown): Promise<Told>;
  close(): Promise<unknown>;
}

export const startEnvironment = async (home: Home): Promise<Environment> => {
  const worker = new Worker(new URL('./environment-worker.ts', import.meta.url), {
    workerData: home,
    // Its own, so that what one function is told is not what another reads.
    env: { ...process.env },
  });
  const failed = new Promise<never>((_, reject) => worker.once('error', reject));
  failed.catch(() => {});
  await Promise.race([once(worker, 'message'), failed]);

  return {
    async invoke(event) {
      worker.postMessage({ event } satisfies Asked);
      const [told] = await Promise.race([once(worker, 'message'), failed]);

      return told as Told;
    },
    close: () => worker.terminate(),
  };
};
