import { compareBalances, compareProducts } from './balances.ts';
import { type UndecidedPayment, undecidedPayments, unmatchedCharges } from './charges.ts';
import type { SubjectResult } from './discrepancy.ts';
import { type DisputedPayment, disputedPayments } from './disputes.ts';
import { compareCoupons, compareOrders } from './orders.ts';
import { comparePayments } from './payments.ts';
import type { UnversionedRecords, VersionedRecords, Versions } from './records.ts';
import { snapshotOf } from './snapshot.ts';
import { comparableResults, unreadableResults } from './unreadable-items.ts';

/** The result of three reads: versions, counters, and versions again. */
export interface ComparisonResult {
  readonly results: readonly SubjectResult[];
  readonly undecidedPayments: readonly UndecidedPayment[];
  readonly disputes: readonly DisputedPayment[];
}

/**
 * Reconciles the counters with the histories of the payments, and the payments with the gateway.
 *
 * Takes no lock. A payment or order with the same version before and after the counters were read did not
 * change in between. A subject is compared only if all its payments and orders are unchanged (`isStable`).
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
    disputes: disputedPayments(snapshot),
  };
};
