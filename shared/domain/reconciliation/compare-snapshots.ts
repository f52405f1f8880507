import { compareBalances, compareProducts } from './balances.ts';
import { type UndecidedPayment, undecidedPayments, unmatchedCharges } from './charges.ts';
import type { SubjectResult } from './discrepancy.ts';
import { compareCoupons, compareOrders } from './orders.ts';
import { comparePayments } from './payments.ts';
import type { UnversionedRecords, VersionedRecords, Versions } from './records.ts';
import { snapshotOf } from './snapshot.ts';
import { comparableResults, unreadableResults } from './unreadable-items.ts';

/** What three readings in a row say: where the histories stood, the counters, and the histories again. */
export interface ComparisonResult {
  readonly results: readonly SubjectResult[];
  readonly undecidedPayments: readonly UndecidedPayment[];
}

/**
 * Holds everything that is counted against the payments' own journals, and the payments against the PG.
 *
 * Nothing is locked for it, so the readings are put together by the order in which they were made. A payment
 * or an order that stood in the same version before and after the counters were read stood there while they
 * were read. A subject of which all payments and orders did so is judged on one moment; of any other, nothing
 * is said (`isStill`).
 */
export const compareSnapshots = (
  before: Versions,
  counters: UnversionedRecords,
  after: VersionedRecords,
): ComparisonResult => {
  const snapshot = snapshotOf(before, counters, after);
  const results = [
    compareBalances,
    compareProducts,
    compareOrders,
    compareCoupons,
    comparePayments,
    unmatchedCharges,
  ].flatMap((compare) => compare(snapshot));

  return {
    results: [...comparableResults(snapshot, results), ...unreadableResults(snapshot)],
    undecidedPayments: undecidedPayments(snapshot),
  };
};
