import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SeedReport, SeriesChoices } from './seed-report.ts';
import type { SeedAnswer, SeedTask } from './worker.ts';

/** Runs one seed at a time. */
export interface SeedRunner {
  readonly run: (seed: number, choices?: SeriesChoices) => Promise<SeedReport>;
  readonly stop: () => void;
}

const workerPath = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** Runs one task in a worker. Throws an error of the run, or if the worker ends. */
const runIn = async (worker: ChildProcess, task: SeedTask): Promise<SeedReport> => {
  const ended = new AbortController();
  const exit = once(worker, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`The worker of seed ${task.seed} has ended with code ${code}.`);
  });
  worker.send(task);
  try {
    const [answer] = (await Promise.race([once(worker, 'message'), exit])) as [SeedAnswer];
    if ('error' in answer) throw new Error(answer.error);

    return answer.report;
  } finally {
    exit.catch(() => {});
    ended.abort();
  }
};

/** Starts a process that runs seeds. `usual` are the choices of a seed that is given no others. */
export const startWorker = (usual: SeriesChoices = {}): SeedRunner => {
  // Plain Node: a test runner's own flags are not for it.
  const worker = fork(workerPath, { serialization: 'advanced', execArgv: [] });

  return {
    run: (seed, choices = usual) => runIn(worker, { seed, choices }),
    stop: () => worker.disconnect(),
  };
};

/** Runs each seed in a worker that is free. At most as many at the same time as there are workers. */
export const poolOf = (workers: readonly SeedRunner[]): SeedRunner => {
  const free = [...workers];

  return {
    run: async (seed, choices) => {
      const worker = free.pop();
      if (worker === undefined) throw new Error('No worker is free.');
      const report = await worker.run(seed, choices);
      free.push(worker);

      return report;
    },
    stop: () => {
      for (const worker of workers) worker.stop();
    },
  };
};
