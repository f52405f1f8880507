import { setTimeout as delay } from 'node:timers/promises';
import { createLogUpdate } from 'log-update';
import { renderLine, renderScreen, type WatchFrame } from './format-watch.ts';
import type { Probe, StackSnapshot } from './stack-probe.ts';

export interface WatchOptions {
  readonly everyMs: number;
  /** Absent: until the signal. */
  readonly count?: number | undefined;
  readonly signal: AbortSignal;
  readonly show: (seen: WatchFrame) => void;
}

/** Looks again and again, and shows what there is and what has moved. A signal ends it, and is no failure. */
export const watch = async (
  probe: Probe,
  { everyMs, count = Number.POSITIVE_INFINITY, signal, show }: WatchOptions,
): Promise<void> => {
  let first: StackSnapshot | undefined;
  let before: StackSnapshot | undefined;
  for (let round = 1; !signal.aborted; round += 1) {
    const now = await probe();
    first ??= now;
    show({ first, before: before ?? now, now });
    before = now;
    if (round >= count) return;
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
  }
};

/** In place on a terminal, line by line anywhere else. */
export const renderTo = (stream: NodeJS.WriteStream): WatchOptions['show'] => {
  if (!stream.isTTY) return (seen) => void stream.write(`${renderLine(seen)}\n`);
  const redraw = createLogUpdate(stream);

  return (seen) => redraw(renderScreen(seen));
};
