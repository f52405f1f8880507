/** Why a book could not take its part: its item is not there; or it is there, and its counts or state do not allow the move. */
export const skipCauses = ['target-missing', 'target-mismatch'] as const;

export type SkipCause = (typeof skipCauses)[number];

/**
 * A move of one book that did not happen, although what it books did. The gateway's money is booked whatever became of a product, a
 * balance or an order: what is missing is recorded here, measured, and corrected by a person.
 */
export interface SkippedBooking {
  /** As in a compensation record: the product, balance or order. */
  readonly target: string;
  /** Units, or minor units of money, that were not moved; 0 where nothing is counted. */
  readonly delta: number;
  readonly outcome: SkipCause;
}

export const isSkipped = <T extends { readonly outcome: string }>(
  record: T,
): record is T & { readonly outcome: SkipCause } =>
  (skipCauses as readonly string[]).includes(record.outcome);

/** So many are named in a journal; the item lists them all. */
const maxNamed = 3;

const describeSkipped = (skipped: readonly SkippedBooking[]): string => {
  const named = skipped.slice(0, maxNamed).map(({ target, outcome }) => `${target} (${outcome})`);
  const more = skipped.length - named.length;

  return `not booked: ${[...named, ...(more > 0 ? [`${more} more`] : [])].join(', ')}`;
};

interface WithHistory {
  readonly history: readonly { readonly detail?: string }[];
}

/** A payment or refund as it is written where not everything of its last move could be booked; as it is where everything could. */
export const withSkippedBookings = <Entry extends WithHistory>(
  entry: Entry,
  skipped: readonly SkippedBooking[],
): Entry => {
  const last = entry.history.at(-1);
  if (skipped.length === 0 || last === undefined) return entry;
  const detail = [last.detail ?? [], describeSkipped(skipped)].flat().join('; ');

  return { ...entry, skipped, history: [...entry.history.slice(0, -1), { ...last, detail }] };
};
