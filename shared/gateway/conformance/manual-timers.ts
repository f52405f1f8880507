import type { Timers } from '../../config/timers.ts';

export interface ManualTimers extends Timers {
  /** Lets time pass, and everything happen that was due in it. */
  advance(byMs: number): void;
}

/** Time that stands still until a test moves it. */
export const createManualTimers = (start = Date.parse('2026-01-05T09:00:00Z')): ManualTimers => {
  let now = start;
  const pending = new Set<{ readonly at: number; readonly then: () => void }>();

  return {
    now: () => new Date(now),
    after: (delayMs, then) => {
      const entry = { at: now + delayMs, then };
      pending.add(entry);

      return () => pending.delete(entry);
    },
    advance: (byMs) => {
      now += byMs;
      for (const entry of [...pending].sort((a, b) => a.at - b.at)) {
        // What ran before it may have called it off.
        if (entry.at <= now && pending.delete(entry)) entry.then();
      }
    },
  };
};
