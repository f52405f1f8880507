import type { Order } from '../orders/order.ts';
import { paymentIdOfReference } from '../payments/charge-reference.ts';
import { fundsStateOf } from '../payments/funds-state.ts';
import type { Payment } from '../payments/payment.ts';
import {
  type GatewayCharge,
  type RefundRecord,
  type RestorationRecord,
  type SkipRecord,
  type UnreadableItem,
  type UnversionedRecords,
  type VersionedRecords,
  type Versions,
  versionKeyOf,
  versionsOf,
} from './records.ts';

/** A payment with its records, refunds and charges. */
export interface PaymentAccount {
  readonly payment: Payment;
  readonly fundsState: ReturnType<typeof fundsStateOf>;
  readonly restorations: readonly RestorationRecord[];
  readonly refunds: readonly RefundRecord[];
  /** The charges of all its attempts. */
  readonly charges: readonly GatewayCharge[];
  /** Of its capture, its refunds and its compensation. */
  readonly skips: readonly SkipRecord[];
}

/** The combined reads: counters, and the versioned records read before and after them. */
export interface Snapshot extends UnversionedRecords {
  readonly accounts: readonly PaymentAccount[];
  readonly orders: readonly Order[];
  readonly unreadable: readonly UnreadableItem[];
  /** Records and refunds without a payment. */
  readonly orphans: readonly (RestorationRecord | RefundRecord)[];
  /** Charges without a payment. */
  readonly unmatched: readonly GatewayCharge[];
  readonly isStable: (of: {
    readonly accounts?: readonly PaymentAccount[];
    readonly payments?: readonly string[];
    readonly orders?: readonly string[];
  }) => boolean;
}

export const snapshotOf = (
  before: Versions,
  counters: UnversionedRecords,
  after: VersionedRecords,
): Snapshot => {
  const restorations = Map.groupBy(after.restorations, ({ paymentId }) => paymentId);
  const refunds = Map.groupBy(after.refunds, ({ paymentId }) => paymentId);
  const charges = Map.groupBy(counters.charges, ({ reference }) => paymentIdOfReference(reference));
  const skips = Map.groupBy(after.skips, ({ paymentId }) => paymentId);
  const ids = new Set(after.payments.map(({ paymentId }) => paymentId));
  const versionsAfter = versionsOf(after);
  const isUnchanged = (key: string) => before.get(key) === versionsAfter.get(key);

  return {
    ...counters,
    orders: after.orders,
    accounts: after.payments.map((payment) => ({
      payment,
      fundsState: fundsStateOf(payment),
      restorations: restorations.get(payment.paymentId) ?? [],
      refunds: refunds.get(payment.paymentId) ?? [],
      charges: charges.get(payment.paymentId) ?? [],
      skips: skips.get(payment.paymentId) ?? [],
    })),
    unreadable: [...after.unreadable, ...counters.unreadableCounters],
    orphans: [...after.restorations, ...after.refunds].filter(
      ({ paymentId }) => !ids.has(paymentId),
    ),
    unmatched: counters.charges.filter(
      ({ reference }) => !ids.has(paymentIdOfReference(reference)),
    ),
    isStable: ({ accounts = [], payments = [], orders = [] }) =>
      accounts.every(({ payment }) => isUnchanged(versionKeyOf.payment(payment.paymentId))) &&
      payments.every((paymentId) => isUnchanged(versionKeyOf.payment(paymentId))) &&
      orders.every((orderId) => isUnchanged(versionKeyOf.order(orderId))),
  };
};

/** Whether the compensation of a failed payment has ended. */
export const hasFinishedCompensation = ({
  payment: { status },
  fundsState,
}: PaymentAccount): boolean =>
  fundsState === 'releasable' && status !== 'FAILED' && status !== 'IN_REVIEW';

/** The restored amount of one target; undefined without a record. */
export const restoredAmount = (
  { restorations }: PaymentAccount,
  of: RestorationRecord['of'],
  id: string,
): number | undefined => restorations.find((record) => record.of === of && record.id === id)?.delta;
