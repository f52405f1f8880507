/** The source of the current time. Tests pass their own. */
export interface Clock {
  now(): Date;
}

/** A clock with delayed calls. Tests advance its time themselves, so that no test sleeps. */
export interface Timers extends Clock {
  /** Calls `then` once, `delayMs` from now. Returns a function that cancels the call. */
  after(delayMs: number, then: () => void): () => void;
}

export const dayMs = 86_400_000;

/**
 * How long an event may be on its way to a consumer: in the stream, on the bus and in the consumer's queue. A later copy
 * comes from a dead-letter queue.
 */
export const eventTravelMs = 6 * dayMs;

/** The UTC day, `YYYY-MM-DD`. */
export const utcDayOf = (at: Date): string => at.toISOString().slice(0, 10);

const formatters = new Map<string, Intl.DateTimeFormat>();

/** The day in an IANA time zone (default UTC), `YYYY-MM-DD`. Rankings are counted by it. */
export const dayInTimeZone = (timeZone: string | undefined, at: Date): string => {
  const zone = timeZone ?? 'UTC';
  const formatter =
    formatters.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  formatters.set(zone, formatter);
  const { year, month, day } = Object.fromEntries(
    formatter.formatToParts(at).map(({ type, value }) => [type, value]),
  );

  return `${year?.padStart(4, '0')}-${month}-${day}`;
};

const dateTime =
  /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Needed because Date.parse turns 30 February into a day in March. */
const isInCalendar = (day: string): boolean => {
  const midnight = Date.parse(`${day}T00:00:00Z`);

  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
};

/**
 * Parses an RFC 3339 date-time with any offset. Returns milliseconds since the epoch, or undefined for any
 * other value: a date without a time, a time without seconds or offset, a number, a day that does not exist.
 */
export const parseInstant = (value: unknown): number | undefined => {
  if (typeof value !== 'string') return undefined;
  // RFC 3339 allows lower case; Date.parse is defined for upper case only.
  const text = value.toUpperCase();
  const [, day] = dateTime.exec(text) ?? [];

  return day !== undefined && isInCalendar(day) ? Date.parse(text) : undefined;
};

/** Whether `end` is at or before an instant. Returns false if `end` is not an RFC 3339 date-time. */
export const hasPassed = (end: unknown, at: Date): boolean => {
  const instant = parseInstant(end);

  return instant !== undefined && instant <= at.getTime();
};
