import type { SkippedBooking } from '../../domain/skipped-booking.ts';
import { logger } from '../../observability/logger.ts';
import { measure } from '../../observability/metrics.ts';
import type { Item, Write } from '../../persistence/dynamodb/expressions.ts';

/** One book's part of a transaction: it can be left out, and is recorded then. */
export interface Booking extends Pick<SkippedBooking, 'target' | 'delta'> {
  readonly write: Write;
}

/** What a refused booking says of its target. `stored` is the item as the condition found it. */
export const skippedBy = ({ target, delta }: Omit<Booking, 'write'>, stored?: Item) =>
  ({
    target,
    delta,
    outcome: stored === undefined ? 'target-missing' : 'target-disagrees',
  }) as const satisfies SkippedBooking;

interface Ids {
  readonly paymentId: string;
  readonly refundId?: string;
}

/** Measures and logs what could not be booked, for the alarm and for the person who corrects the books. */
export const reportSkipped = (
  { paymentId, refundId }: Ids,
  skipped: readonly SkippedBooking[],
): void => {
  if (skipped.length === 0) return;
  measure('BookingsSkipped', skipped.length, {});
  logger.warn('booking skipped', { paymentId, refundId, skipped });
};
