import { isDeepStrictEqual } from 'node:util';
import type { UndecidedPayment } from '../../domain/reconciliation/charges.ts';
import { compareSnapshots } from '../../domain/reconciliation/compare-snapshots.ts';
import type {
  Discrepancy,
  Subject,
  SubjectResult,
} from '../../domain/reconciliation/discrepancy.ts';
import type { DisputedPayment } from '../../domain/reconciliation/disputes.ts';
import {
  type UnversionedRecords,
  type VersionedRecords,
  versionsOf,
} from '../../domain/reconciliation/records.ts';
import { subjectKeyOf } from '../../domain/reconciliation/unreadable-items.ts';

/** The result of a reconciliation of the ledger with the gateway. */
export interface ReconciliationReport {
  /** Every subject was stable and matches. */
  readonly isReconciled: boolean;
  readonly discrepancies: readonly Discrepancy[];
  /** Discrepancies that recorded skipped bookings explain. */
  readonly explained: readonly Discrepancy[];
  /** Subjects that changed in every round and were not compared. */
  readonly unstable: readonly Subject[];
  readonly undecidedPayments: readonly UndecidedPayment[];
  /** Payments that their buyers have disputed. They do not change the result. */
  readonly disputes: readonly DisputedPayment[];
  /** The number of records read, by kind. */
  readonly counts: Readonly<
    Record<
      Exclude<keyof (VersionedRecords & UnversionedRecords), 'skips' | `unreadable${string}`>,
      number
    >
  >;
}

interface ReconciliationSources {
  readonly readVersionedRecords: () => Promise<VersionedRecords>;
  readonly readUnversionedRecords: () => Promise<UnversionedRecords>;
  /** How often the unversioned records are read at most. */
  readonly maxRounds?: number;
}

type ConfirmedDiscrepancies = Required<Pick<SubjectResult, 'discrepancies' | 'explained'>>;

type ResultsBySubject = Map<string, ConfirmedDiscrepancies>;

/**
 * Reconciles the ledger while payments continue. Reads versioned and unversioned records in turns, until each
 * subject matched once or had the same discrepancies twice: a transaction that a first snapshot saw in part
 * is complete in the second.
 */
export const reconcile = async ({
  readVersionedRecords,
  readUnversionedRecords,
  maxRounds = 4,
}: ReconciliationSources): Promise<ReconciliationReport> => {
  const confirmed: ResultsBySubject = new Map();
  let candidates: ResultsBySubject = new Map();
  let before = versionsOf(await readVersionedRecords());
  for (let round = 1; ; round += 1) {
    const unversioned = await readUnversionedRecords();
    const after = await readVersionedRecords();
    const { results, undecidedPayments, disputes } = compareSnapshots(before, unversioned, after);
    candidates = confirm(results, candidates, confirmed);
    const unstable = results
      .map(({ subject }) => subject)
      .filter((subject) => !confirmed.has(subjectKeyOf(subject)));
    if (unstable.length === 0 || round === maxRounds) {
      const confirmedResults = [...confirmed.values()];
      const discrepancies = confirmedResults.flatMap((each) => each.discrepancies);
      const explained = confirmedResults.flatMap((each) => each.explained);
      const isReconciled = unstable.length === 0 && discrepancies.length === 0;

      return {
        isReconciled,
        discrepancies,
        explained,
        unstable,
        undecidedPayments,
        disputes,
        counts: countRecords(unversioned, after),
      };
    }
    before = versionsOf(after);
  }
};

/**
 * Adds the certain results to `confirmed`. Returns the candidates that are certain if the next round finds
 * them again.
 */
const confirm = (
  results: readonly SubjectResult[],
  candidates: ResultsBySubject,
  confirmed: ResultsBySubject,
): ResultsBySubject => {
  const stableResults = results.filter(
    ({ subject, isStable }) => isStable && !confirmed.has(subjectKeyOf(subject)),
  );
  for (const result of stableResults) {
    const key = subjectKeyOf(result.subject);
    const discrepancies = discrepanciesOf(result);
    const isCertain =
      hasNoDiscrepancies(discrepancies) || isDeepStrictEqual(discrepancies, candidates.get(key));
    if (isCertain) confirmed.set(key, discrepancies);
  }

  return new Map(
    stableResults.map((result) => [subjectKeyOf(result.subject), discrepanciesOf(result)]),
  );
};

const discrepanciesOf = ({
  discrepancies,
  explained = [],
}: SubjectResult): ConfirmedDiscrepancies => ({
  discrepancies,
  explained,
});

const hasNoDiscrepancies = ({ discrepancies, explained }: ConfirmedDiscrepancies) =>
  discrepancies.length === 0 && explained.length === 0;

const countRecords = (
  unversioned: UnversionedRecords,
  versioned: VersionedRecords,
): ReconciliationReport['counts'] => {
  const { payments, restorations, refunds, orders } = versioned;
  const { balances, products, coupons, charges } = unversioned;

  return {
    payments: payments.length,
    restorations: restorations.length,
    refunds: refunds.length,
    orders: orders.length,
    balances: balances.length,
    products: products.filter(({ shardOf }) => shardOf === undefined).length,
    coupons: coupons.length,
    charges: charges.length,
  };
};
