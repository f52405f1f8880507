/** The day in UTC, `YYYY-MM-DD`. */
export const utcDayOf = (at: Date): string => at.toISOString().slice(0, 10);

const formatters = new Map<string, Intl.DateTimeFormat>();

/** The day in a time zone of the IANA database, `YYYY-MM-DD`: what rankings are counted by. */
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
