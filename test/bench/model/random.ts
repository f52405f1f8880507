/** A deterministic random generator (mulberry32): numbers from 0 up to, not including, 1. */
export const createRandom = (seed: number) => {
  let state = seed;

  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;

    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** An exponentially distributed number with the given mean: the time between independent events. */
export const exponential = (random: () => number, mean: number): number =>
  -mean * Math.log(1 - random());
