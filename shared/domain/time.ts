const dateTime =
  /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Date.parse rolls 30 February over to March. */
const isInCalendar = (day: string): boolean => {
  const midnight = Date.parse(`${day}T00:00:00Z`);

  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
};

/**
 * The instant of an RFC 3339 date-time with any offset, in milliseconds since the epoch. Returns undefined for anything else: a date alone,
 * a time without seconds or offset, a number, a day that the calendar does not have.
 */
export const parseInstant = (value: unknown): number | undefined => {
  if (typeof value !== 'string') return undefined;
  // RFC 3339 allows lower case; Date.parse is defined for upper case only.
  const text = value.toUpperCase();
  const [, day] = dateTime.exec(text) ?? [];

  return day !== undefined && isInCalendar(day) ? Date.parse(text) : undefined;
};

/** Whether an end lies at or before an instant. What is not an RFC 3339 date-time has not passed: a reader that needs one refuses it. */
export const hasPassed = (end: unknown, at: Date): boolean => {
  const instant = parseInstant(end);

  return instant !== undefined && instant <= at.getTime();
};
