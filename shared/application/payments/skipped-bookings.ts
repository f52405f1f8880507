import type { SkippedBooking } from '../../domain/skipped-booking.ts';
import { logger } from '../../observability/logger.ts';
import { recordMetric } from '../../observability/metrics.ts';
import type { Item, Write } from '../../persistence/dynamodb/expressions.ts';

/** One book's part of a transaction: it can be left out, and is recorded then. */
export interface LedgerWrite extends Pick<SkippedBooking, 'target' | 'delta'> {
  readonly write: Write;
}

/** What a refused booking says of its target. `stored` is the item as the condition found it. */
export const toSkippedBooking = ({ target, delta }: Omit<LedgerWrite, 'write'>, stored?: Item) =>
  ({
    target,
    delta,
    outcome: stored === undefined ? 'target-missing' : 'target-mismatch',
  }) as const satisfies SkippedBooking;

interface Ids {
  readonly paymentId: string;
  readonly refundId?: string;
}

/** Measures and logs what could not be booked, for the alarm and for the person who corrects the books. */
export const reportSkippedBookings = (
  { paymentId, refundId }: Ids,
  skipped: readonly SkippedBooking[],
): void => {
  if (skipped.length === 0) return;
  recordMetric('BookingsSkipped', skipped.length, {});
  logger.warn('booking skipped', { paymentId, refundId, skipped });
};
