import { formatNumber } from '../cli/format-number.ts';
import type { TimelineEntry } from '../local/api-client.ts';

type DisplayedEntry = Pick<TimelineEntry, 'sinceAcceptMs' | 'kind' | 'from' | 'to' | 'detail'>;

const describeEntry = ({ kind, detail }: DisplayedEntry): string =>
  detail === undefined
    ? kind
    : `${kind}: ${typeof detail === 'string' ? detail : JSON.stringify(detail)}`;

/** One line for each entry: time since accept, the new state if it changed, and the description. */
export const formatTimeline = <E extends DisplayedEntry>(
  entries: readonly E[],
  describe: (entry: E) => string = describeEntry,
): readonly string[] => {
  const rows = entries.map((entry) => ({
    since: `${formatNumber(entry.sinceAcceptMs)} ms`,
    state: entry.to && entry.to !== entry.from ? entry.to : '',
    what: describe(entry),
  }));
  const sinceWidth = Math.max(0, ...rows.map(({ since }) => since.length));
  const stateWidth = Math.max(11, ...rows.map(({ state }) => state.length));

  return rows.map(
    ({ since, state, what }) =>
      `${since.padStart(sinceWidth)}  ${state.padEnd(stateWidth)}  ${what}`,
  );
};
