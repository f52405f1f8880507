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
  /** `Preference-Applied`, if the request had a wait preference; `Retry-After`, if it was not followed. */
  readonly headers: Readonly<Record<string, string>>;
}

interface Wait<T> {
  readonly isFinal: (found: T) => boolean;
  /** Milliseconds since the epoch before which no change is expected; undefined if one may come at any time. */
  readonly quietUntil?: (found: T) => number | undefined;
  /** Other preferences of the request that `isFinal` respects. */
  readonly respected?: readonly string[];
}

export type LongPoll = <T extends Versioned>(
  event: ApiEvent,
  read: () => Promise<T>,
  wait: Wait<T>,
) => Promise<PollResult<T>>;

// Below the function timeout (25 s) and that of API Gateway (30 s).
const maxSeconds = 20;

// Exponential backoff: an early change is seen quickly, a long wait costs one read a second.
const initialIntervalMs = 100;
const maxIntervalMs = 1_000;

/** A slot may be free again soon. */
const noSlotRetrySeconds = 1;

/** A webhook may bring a change that is not expected. */
const quietRetrySeconds = 5;

/**
 * Reads an item. With `Prefer: wait=N` it polls for up to N seconds: until the version differs from those in
 * `If-None-Match` or, without that header, until the item is final. `*` means the version at the beginning.
 *
 * Each waiting request holds a function instance, so the number of waits is limited by slots. It returns the current
 * item with `wait=0` and a time to retry if no slot is free, or if no change is expected before the wait would end.
 */
export const createLongPoll =
  ({ clock, sleep, acquireSlot }: Dependencies): LongPoll =>
  async (event, read, { isFinal, quietUntil = () => undefined, respected = [] }) => {
    const seconds = preferredWait(event, maxSeconds);
    const began = clock.now().getTime();
    let found = await read();
    const firstTag = etagOf(found.version);
    const tags = ifNoneMatchTags(event).map((tag) => (tag === '*' ? firstTag : tag));
    const isAwaited = (found: Versioned & Parameters<typeof isFinal>[0]) =>
      tags.length > 0 ? !hasVersionTag(tags, found.version) : isFinal(found);
    const appliedHeaders = (wait: number) => ({
      'preference-applied': [
        `wait=${wait}`,
        ...(wait > 0 && tags.length === 0 ? respected : []),
      ].join(', '),
    });

    if (seconds === undefined) return { found, headers: {} };
    if (seconds === 0 || isAwaited(found)) return { found, headers: appliedHeaders(seconds) };
    const deadline = began + seconds * 1_000;
    const isQuiet = () => (quietUntil(found) ?? 0) > deadline;
    const unapplied = (retryAfterSeconds: number) => ({
      found,
      headers: { ...appliedHeaders(0), 'retry-after': String(retryAfterSeconds) },
    });
    if (isQuiet()) return unapplied(quietRetrySeconds);
    const releaseSlot = await tryAcquireSlot(acquireSlot, seconds * 1_000);
    if (releaseSlot === undefined) return unapplied(noSlotRetrySeconds);
    try {
      let intervalMs = initialIntervalMs;
      for (let leftMs = deadline - clock.now().getTime(); leftMs > 0 && !isAwaited(found); ) {
        if (isQuiet()) return unapplied(quietRetrySeconds);
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

/** Returns undefined if the slot store fails: the read must not depend on it. */
const tryAcquireSlot = (acquireSlot: AcquireWaitSlot, leaseMs: number) =>
  acquireSlot(leaseMs).catch((error) => {
    logger.warn('wait slot not acquired', error);

    return undefined;
  });

/**
 * The seconds of `Prefer: wait=N` (RFC 7240), at most `maxSeconds`. Undefined without a valid preference: an
 * invalid one is ignored, never an error.
 */
export const preferredWait = ({ headers }: ApiEvent, maxSeconds: number): number | undefined => {
  const preference = /(?:^|,)\s*wait\s*=\s*"?(?<seconds>\d{1,9})"?\s*(?:[;,]|$)/i;
  const seconds = preference.exec(headers.prefer ?? '')?.groups?.seconds;

  return seconds === undefined ? undefined : Math.min(Number(seconds), maxSeconds);
};

/** Whether `Prefer` has this preference, which takes no value (RFC 7240). */
export const hasPreference = ({ headers }: ApiEvent, name: string): boolean =>
  (headers.prefer ?? '')
    .split(',')
    .some((preference) => preference.split(';')[0]?.trim().toLowerCase() === name);
