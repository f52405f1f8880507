import type { TimelineEntry } from '../local/api-client.ts';

const numbers = new Intl.NumberFormat('en-US');

type DisplayedEntry = Pick<TimelineEntry, 'sinceAcceptMs' | 'kind' | 'from' | 'to' | 'detail'>;

const describeEntry = ({ kind, detail }: DisplayedEntry): string =>
  detail === undefined
    ? kind
    : `${kind}: ${typeof detail === 'string' ? detail : JSON.stringify(detail)}`;

/** What happened, a line each: when, the state from then on if it is a new one, and what. */
export const formatTimeline = <E extends DisplayedEntry>(
  entries: readonly E[],
  describe: (entry: E) => string = describeEntry,
): readonly string[] => {
  const rows = entries.map((entry) => ({
    since: `${numbers.format(entry.sinceAcceptMs)} ms`,
    state: entry.to && entry.to !== entry.from ? entry.to : '',
    what: describe(entry),
  }));
  const width = Math.max(0, ...rows.map(({ since }) => since.length));

  return rows.map(
    ({ since, state, what }) => `${since.padStart(width)}  ${state.padEnd(11)}  ${what}`,
  );
};
