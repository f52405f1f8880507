import type { Timers } from '../../config/timers.ts';

export interface ManualTimers extends Timers {
  /** Lets time pass, and everything happen that was due in it. */
  advance(byMs: number): void;
}

/** Time that stands still until a test moves it. */
export const manualTimers = (start = Date.parse('2026-01-05T09:00:00Z')): ManualTimers => {
  let now = start;
  const waiting = new Set<{ readonly at: number; readonly then: () => void }>();

  return {
    now: () => new Date(now),
    after: (delayMs, then) => {
      const entry = { at: now + delayMs, then };
      waiting.add(entry);

      return () => waiting.delete(entry);
    },
    advance: (byMs) => {
      now += byMs;
      for (const entry of [...waiting].sort((a, b) => a.at - b.at)) {
        // What ran before it may have called it off.
        if (entry.at <= now && waiting.delete(entry)) entry.then();
      }
    },
  };
};
