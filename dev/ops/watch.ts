import { setTimeout as delay } from 'node:timers/promises';
import { createLogUpdate } from 'log-update';
import { lineOf, type Seen, screenOf } from './format-watch.ts';
import type { Look, Sight } from './stack-probe.ts';

export interface WatchOptions {
  readonly everyMs: number;
  /** Absent: until the signal. */
  readonly times?: number | undefined;
  readonly signal: AbortSignal;
  readonly show: (seen: Seen) => void;
}

/** Looks again and again, and shows what there is and what has moved. A signal ends it, and is no failure. */
export const watch = async (
  look: Sight,
  { everyMs, times = Number.POSITIVE_INFINITY, signal, show }: WatchOptions,
): Promise<void> => {
  let first: Look | undefined;
  let before: Look | undefined;
  for (let looked = 1; !signal.aborted; looked += 1) {
    const now = await look();
    first ??= now;
    show({ first, before: before ?? now, now });
    before = now;
    if (looked >= times) return;
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
  }
};

/** In place on a terminal, line by line anywhere else. */
export const shownOn = (stream: NodeJS.WriteStream): WatchOptions['show'] => {
  if (!stream.isTTY) return (seen) => void stream.write(`${lineOf(seen)}\n`);
  const redraw = createLogUpdate(stream);

  return (seen) => redraw(screenOf(seen));
};
