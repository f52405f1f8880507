export interface Semaphore {
  /** Runs the work when a slot is free, first come, first served; holds the slot until the work has ended. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Limits concurrency, with an unbounded queue: the threads of a server, the connections of a pool. */
export const createSemaphore = (max: number): Semaphore => {
  const waiting: (() => void)[] = [];
  let running = 0;

  const release = () => {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  };

  return {
    async run(work) {
      if (running < max) running += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
};
