import type { Clock } from '../domain/time.ts';
import { logger } from '../observability/logger.ts';
import { etagOf, hasVersionTag, ifNoneMatchTags } from './etag.ts';
import type { ApiEvent } from './request.ts';

/** Leases a slot; returns the function that releases it early, or undefined if no slot is free. */
type AcquireWaitSlot = (leaseMs: number) => Promise<(() => Promise<unknown>) | undefined>;

interface Dependencies {
  readonly clock: Clock;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly acquireSlot: AcquireWaitSlot;
}

interface Versioned {
  readonly version: number;
}

export interface PollResult<T> {
  readonly found: T;
  /** `Preference-Applied`, if a wait was asked for. */
  readonly headers: Readonly<Record<string, string>>;
}

export type LongPoll = <T extends Versioned>(
  event: ApiEvent,
  read: () => Promise<T>,
  isFinal: (found: T) => boolean,
) => Promise<PollResult<T>>;

// The function lives for 25 s, and API Gateway waits for 30.
const maxSeconds = 20;

// A quick change is seen immediately, and a slow one costs about one read a second.
const initialIntervalMs = 100;
const maxIntervalMs = 1_000;

/**
 * Reads what a request asks for. With `Prefer: wait=N` it waits up to N seconds: until the version is not one that `If-None-Match` names
 * or, without that header, until it is final. `*` names the version that there is when the wait begins.
 *
 * Only so many requests wait at a time: each holds an instance of the function, and a plain read must still find one. Any further request is
 * answered with what there is, and `wait=0`.
 */
export const createLongPoll =
  ({ clock, sleep, acquireSlot }: Dependencies): LongPoll =>
  async (event, read, isFinal) => {
    const seconds = preferredWait(event, maxSeconds);
    const began = clock.now().getTime();
    let found = await read();
    const firstTag = etagOf(found.version);
    const tags = ifNoneMatchTags(event).map((tag) => (tag === '*' ? firstTag : tag));
    const isAwaited = (found: Versioned & Parameters<typeof isFinal>[0]) =>
      tags.length > 0 ? !hasVersionTag(tags, found.version) : isFinal(found);
    const appliedHeaders = (wait: number) => ({ 'preference-applied': `wait=${wait}` });

    if (seconds === undefined) return { found, headers: {} };
    if (seconds === 0 || isAwaited(found)) return { found, headers: appliedHeaders(seconds) };
    const releaseSlot = await tryAcquireSlot(acquireSlot, seconds * 1_000);
    if (releaseSlot === undefined) return { found, headers: appliedHeaders(0) };
    try {
      const deadline = began + seconds * 1_000;
      let intervalMs = initialIntervalMs;
      for (let leftMs = deadline - clock.now().getTime(); leftMs > 0 && !isAwaited(found); ) {
        await sleep(Math.min(intervalMs, leftMs));
        found = await read();
        intervalMs = Math.min(intervalMs * 2, maxIntervalMs);
        leftMs = deadline - clock.now().getTime();
      }

      return { found, headers: appliedHeaders(seconds) };
    } finally {
      await releaseSlot().catch((error) => logger.warn('wait slot not released', error));
    }
  };

/** A slot is a convenience: whatever becomes of it, the read is answered. */
const tryAcquireSlot = (acquireSlot: AcquireWaitSlot, leaseMs: number) =>
  acquireSlot(leaseMs).catch((error) => {
    logger.warn('wait slot not acquired', error);

    return undefined;
  });

/**
 * The seconds of `Prefer: wait=N` (RFC 7240), at most `most`.
 *
 * Undefined where none were asked for, or not readably so: a preference that cannot be met is never an error.
 */
export const preferredWait = ({ headers }: ApiEvent, maxSeconds: number): number | undefined => {
  const preference = /(?:^|,)\s*wait\s*=\s*"?(?<seconds>\d{1,9})"?\s*(?:[;,]|$)/i;
  const seconds = preference.exec(headers.prefer ?? '')?.groups?.seconds;

  return seconds === undefined ? undefined : Math.min(Number(seconds), maxSeconds);
};
