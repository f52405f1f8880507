import { setTimeout as delay } from 'node:timers/promises';
import { createLogUpdate } from 'log-update';
import { renderLine, renderScreen, type WatchFrame } from './format-watch.ts';
import type { Probe, StackSnapshot } from './stack-probe.ts';

export interface WatchOptions {
  readonly everyMs: number;
  /** Number of snapshots; by default until the signal aborts. */
  readonly count?: number | undefined;
  readonly signal: AbortSignal;
  readonly show: (frame: WatchFrame) => void;
}

/** Takes snapshots at an interval and shows each with its changes. Resolves when the signal aborts. */
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

/** Redraws the screen on a terminal, or writes a line for each frame otherwise. */
export const renderTo = (stream: NodeJS.WriteStream): WatchOptions['show'] => {
  if (!stream.isTTY) return (frame) => void stream.write(`${renderLine(frame)}\n`);
  const redraw = createLogUpdate(stream);

  return (frame) => redraw(renderScreen(frame));
};
