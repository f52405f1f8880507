import type { Timers } from '../../domain/time.ts';

export interface ManualTimers extends Timers {
  /** Advances the time and runs everything due by then. */
  advance(byMs: number): void;
}

/** Timers whose time changes only when a test advances it. */
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
        // An earlier callback may have cancelled this one.
        if (entry.at <= now && pending.delete(entry)) entry.then();
      }
    },
  };
};
