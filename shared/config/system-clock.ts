import type { Clock, Timers } from '../domain/time.ts';

export const systemClock: Clock = { now: () => new Date() };

export const systemTimers: Timers = {
  ...systemClock,
  after: (delayMs, then) => {
    const timer = setTimeout(then, delayMs);

    return () => clearTimeout(timer);
  },
};
