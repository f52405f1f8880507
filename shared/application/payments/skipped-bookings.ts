import type { Database } from '../../config/platform.ts';
import type { SkippedBooking } from '../../domain/skipped-booking.ts';
import { logger } from '../../observability/logger.ts';
import { recordMetric } from '../../observability/metrics.ts';
import { conditionCheckOf, type Item, type Write } from '../../persistence/dynamodb/expressions.ts';
import { commit } from '../../persistence/dynamodb/transaction.ts';

/** A write of a transaction that can be skipped and is recorded then. */
export interface LedgerWrite extends Pick<SkippedBooking, 'target' | 'delta'> {
  readonly write: Write;
}

/** The record of a write whose condition failed. `stored` is the item that failed it. */
export const toSkippedBooking = ({ target, delta }: Omit<LedgerWrite, 'write'>, stored?: Item) =>
  ({
    target,
    delta,
    outcome: stored === undefined ? 'target-missing' : 'target-mismatch',
  }) as const satisfies SkippedBooking;

/**
 * The bookings that their items do not allow now. Writes nothing: one transaction of condition checks.
 */
export const findSkippedBookings = async (
  db: Database,
  ledgerWrites: readonly LedgerWrite[],
): Promise<readonly SkippedBooking[]> =>
  ledgerWrites.length === 0
    ? []
    : commit(
        db,
        ledgerWrites.map((ledgerWrite) => ({
          write: conditionCheckOf(ledgerWrite.write),
          toRejection: (stored?: Item) => toSkippedBooking(ledgerWrite, stored),
        })),
      );

interface Ids {
  readonly paymentId: string;
  readonly refundId?: string;
}

/** Counts and logs skipped bookings, for the alarm and for the operator who corrects the ledger. */
export const reportSkippedBookings = (
  { paymentId, refundId }: Ids,
  skipped: readonly SkippedBooking[],
): void => {
  if (skipped.length === 0) return;
  recordMetric('BookingsSkipped', skipped.length, {});
  logger.warn('booking skipped', { paymentId, refundId, skipped });
};
