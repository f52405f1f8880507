import type { Clock } from '../domain/clock.ts';
import { logger } from '../observability/logger.ts';
import type { TakeWaitSlot } from '../persistence/wait-slots.ts';
import { etagOf, isKnown, knownTags } from './etag.ts';
import type { ApiEvent } from './http-handler.ts';
import { preferredWait } from './prefer.ts';

interface Dependencies {
  readonly clock: Clock;
  readonly pause: (milliseconds: number) => Promise<unknown>;
  readonly takeSlot: TakeWaitSlot;
}

interface Versioned {
  readonly version: number;
}

export interface Polled<T> {
  readonly found: T;
  /** `Preference-Applied`, if a wait was asked for. */
  readonly headers: Readonly<Record<string, string>>;
}

export type LongPoll = <T extends Versioned>(
  event: ApiEvent,
  read: () => Promise<T>,
  isFinal: (found: T) => boolean,
) => Promise<Polled<T>>;

// The function lives for 25 s, and API Gateway waits for 30.
const maxSeconds = 20;

// A quick change is seen immediately, and a slow one costs about one read a second.
const firstPauseMs = 100;
const maxPauseMs = 1_000;

/**
 * Reads what a request asks for. With `Prefer: wait=N` it waits up to N seconds: until the version is not one that `If-None-Match` names
 * or, without that header, until it is final. `*` names the version that there is when the wait begins.
 *
 * Only so many requests wait at a time: each holds an instance of the function, and a plain read must still find one. Any further request is
 * answered with what there is, and `wait=0`.
 */
export const longPoll =
  ({ clock, pause, takeSlot }: Dependencies): LongPoll =>
  async (event, read, isFinal) => {
    const seconds = preferredWait(event, maxSeconds);
    const began = clock.now().getTime();
    let found = await read();
    const first = etagOf(found.version);
    const tags = knownTags(event).map((tag) => (tag === '*' ? first : tag));
    const isAwaited = (found: Versioned & Parameters<typeof isFinal>[0]) =>
      tags.length > 0 ? !isKnown(tags, found.version) : isFinal(found);
    const waited = (wait: number) => ({ 'preference-applied': `wait=${wait}` });

    if (seconds === undefined) return { found, headers: {} };
    if (seconds === 0 || isAwaited(found)) return { found, headers: waited(seconds) };
    const giveBack = await slotFrom(takeSlot, seconds * 1_000);
    if (giveBack === undefined) return { found, headers: waited(0) };
    try {
      const until = began + seconds * 1_000;
      let pauseMs = firstPauseMs;
      for (let leftMs = until - clock.now().getTime(); leftMs > 0 && !isAwaited(found); ) {
        await pause(Math.min(pauseMs, leftMs));
        found = await read();
        pauseMs = Math.min(pauseMs * 2, maxPauseMs);
        leftMs = until - clock.now().getTime();
      }

      return { found, headers: waited(seconds) };
    } finally {
      await giveBack().catch((error) => logger.warn('wait slot not given back', error));
    }
  };

/** A slot is a convenience: whatever becomes of it, the read is answered. */
const slotFrom = (takeSlot: TakeWaitSlot, forMs: number) =>
  takeSlot(forMs).catch((error) => {
    logger.warn('wait slot not taken', error);

    return undefined;
  });
