import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** The settings of an execution environment. */
export interface EnvironmentOptions {
  readonly folder: string;
  /** The path of the function's bundle. */
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export interface InvocationRequest {
  readonly event: unknown;
}

/** The result of one invocation. */
export interface InvocationResult {
  readonly result?: unknown;
  readonly error?: string;
  readonly durationMs: number;
  /** Processor time of this thread only. */
  readonly cpuMs: number;
  readonly logBytes: number;
}

/**
 * One execution environment of a function: a thread with the deployed bundle, which handles one event at a
 * time.
 */
export interface Environment {
  invoke(event: unknown): Promise<InvocationResult>;
  close(): Promise<unknown>;
}

export const startEnvironment = async (options: EnvironmentOptions): Promise<Environment> => {
  const worker = new Worker(new URL('./environment-worker.ts', import.meta.url), {
    workerData: options,
    // A copy, so that functions do not share variables.
    env: { ...process.env },
  });
  const failed = new Promise<never>((_, reject) => worker.once('error', reject));
  failed.catch(() => {});
  await Promise.race([once(worker, 'message'), failed]);

  return {
    async invoke(event) {
      worker.postMessage({ event } satisfies InvocationRequest);
      const [outcome] = await Promise.race([once(worker, 'message'), failed]);

      return outcome as InvocationResult;
    },
    close: () => worker.terminate(),
  };
};
