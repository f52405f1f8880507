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
  const isTimeUp = () => now() > deadline;
  /** Whether this many calls can still be made at the requested rate, and another page read. */
  const covers = (count: number) =>
    !isTimeUp() && pages < maxPages && (calls + count) / ratePerSecond <= maxRuntimeSeconds;

  return {
    isTimeUp,
    covers,

    countCalls: (count: number) => {
      calls += count;
    },

    countPage: () => {
      pages += 1;
    },
  };
};

export type RedriveBudget = ReturnType<typeof createRedriveBudget>;
