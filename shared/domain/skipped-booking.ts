/**
 * Why a booking was skipped: the target item does not exist, or its counters or status do not allow the
 * booking.
 */
export const skipCauses = ['target-missing', 'target-mismatch'] as const;

export type SkipCause = (typeof skipCauses)[number];

/**
 * A booking that was skipped although the payment or refund succeeded. A capture or refund at the gateway is
 * always recorded, even if a product, balance or order cannot be updated. The skip is recorded and measured;
 * an operator corrects the item.
 */
export interface SkippedBooking {
  /** As in a compensation record: the product, balance or order. */
  readonly target: string;
  /** Units, or minor units of money, that were not booked; 0 for an order. */
  readonly delta: number;
  readonly outcome: SkipCause;
}

export const isSkipped = <T extends { readonly outcome: string }>(
  record: T,
): record is T & { readonly outcome: SkipCause } =>
  (skipCauses as readonly string[]).includes(record.outcome);

/** The history names this many; the item lists all. */
const maxNamed = 3;

const describeSkipped = (skipped: readonly SkippedBooking[]): string => {
  const named = skipped.slice(0, maxNamed).map(({ target, outcome }) => `${target} (${outcome})`);
  const more = skipped.length - named.length;

  return `not booked: ${[...named, ...(more > 0 ? [`${more} more`] : [])].join(', ')}`;
};

interface WithHistory {
  readonly history: readonly { readonly detail?: string }[];
}

/**
 * Adds skipped bookings to a payment or refund and to its last history entry. Returns it unchanged if there
 * are none.
 */
export const withSkippedBookings = <Entry extends WithHistory>(
  entry: Entry,
  skipped: readonly SkippedBooking[],
): Entry => {
  const last = entry.history.at(-1);
  if (skipped.length === 0 || last === undefined) return entry;
  const detail = [last.detail ?? [], describeSkipped(skipped)].flat().join('; ');

  return { ...entry, skipped, history: [...entry.history.slice(0, -1), { ...last, detail }] };
};
