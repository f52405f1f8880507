/**
 * Well below the timeout of the function, so that it can finish its current message and return its results.
 */
export const maxRuntimeSeconds = 20;

/** The maximum number of pages that one request reads from streams and tables, of up to 1 MB each. */
export const maxPages = 100;

/** What all messages of one request share: the time of the function, the rate of calls, and the pages it reads. */
export const createRedriveBudget = (ratePerSecond: number, now: () => number) => {
  const deadline = now() + maxRuntimeSeconds * 1_000;
  let calls = 0;
  let pages = 0;
  const isOver = () => now() > deadline || pages >= maxPages;

  return {
    isTimeUp: () => now() > deadline,

    /** Whether no further event can be published, or no page read. */
    isSpent: () => isOver() || (calls + 1) / ratePerSecond > maxRuntimeSeconds,

    /** Whether this many calls can still be made at the requested rate. */
    covers: (count: number) => !isOver() && (calls + count) / ratePerSecond <= maxRuntimeSeconds,

    countCalls: (count: number) => {
      calls += count;
    },

    countPage: () => {
      pages += 1;
    },
  };
};

export type RedriveBudget = ReturnType<typeof createRedriveBudget>;
