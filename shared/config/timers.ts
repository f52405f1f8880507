import type { Clock } from '../domain/time.ts';

/** A clock that can also be waited for; tests move it by hand, so that none of them sleeps. */
export interface Timers extends Clock {
  /** Runs `then` once, `delayMs` from now. What it returns calls that off. */
  after(delayMs: number, then: () => void): () => void;
}

export const systemTimers: Timers = {
  now: () => new Date(),
  after: (delayMs, then) => {
    const timer = setTimeout(then, delayMs);

    return () => clearTimeout(timer);
  },
};
