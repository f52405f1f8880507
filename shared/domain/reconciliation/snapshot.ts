import type { Order } from '../orders/order.ts';
import { standingOf } from '../payments/funds-state.ts';
import type { Payment } from '../payments/payment.ts';
import {
  type BookedCharge,
  type BookedRefund,
  type Counters,
  type Histories,
  type Positions,
  positionOf,
  positionsIn,
  type Skip,
  type Undone,
  type Unreadable,
} from './records.ts';

/** A payment with all that belongs to it. */
export interface Account {
  readonly payment: Payment;
  readonly standing: ReturnType<typeof standingOf>;
  readonly undone: readonly Undone[];
  readonly refunds: readonly BookedRefund[];
  readonly charges: readonly BookedCharge[];
  /** Of its capture, its refunds and its compensation. */
  readonly skips: readonly Skip[];
}

/** The readings put together: counters that were read after one reading of the histories, and before the other. */
export interface View extends Counters {
  readonly accounts: readonly Account[];
  readonly orders: readonly Order[];
  readonly unreadable: readonly Unreadable[];
  /** Records and refunds of payments that are not there. */
  readonly strays: readonly (Undone | BookedRefund)[];
  /** Charges of references that are no payments. */
  readonly unknown: readonly BookedCharge[];
  readonly isStill: (of: {
    readonly accounts?: readonly Account[];
    readonly payments?: readonly string[];
    readonly orders?: readonly string[];
  }) => boolean;
}

export const viewOf = (before: Positions, counters: Counters, after: Histories): View => {
  const undone = Map.groupBy(after.undone, ({ paymentId }) => paymentId);
  const refunds = Map.groupBy(after.refunds, ({ paymentId }) => paymentId);
  const charges = Map.groupBy(counters.charges, ({ reference }) => reference);
  const skips = Map.groupBy(after.skips, ({ paymentId }) => paymentId);
  const ids = new Set(after.payments.map(({ paymentId }) => paymentId));
  const now = positionsIn(after);
  const stood = (key: string) => before.get(key) === now.get(key);

  return {
    ...counters,
    orders: after.orders,
    accounts: after.payments.map((payment) => ({
      payment,
      standing: standingOf(payment),
      undone: undone.get(payment.paymentId) ?? [],
      refunds: refunds.get(payment.paymentId) ?? [],
      charges: charges.get(payment.paymentId) ?? [],
      skips: skips.get(payment.paymentId) ?? [],
    })),
    unreadable: [...after.unreadable, ...counters.unreadableCounters],
    strays: [...after.undone, ...after.refunds].filter(({ paymentId }) => !ids.has(paymentId)),
    unknown: counters.charges.filter(({ reference }) => !ids.has(reference)),
    isStill: ({ accounts = [], payments = [], orders = [] }) =>
      accounts.every(({ payment }) => stood(positionOf.payment(payment.paymentId))) &&
      payments.every((paymentId) => stood(positionOf.payment(paymentId))) &&
      orders.every((orderId) => stood(positionOf.order(orderId))),
  };
};

/** Nothing more is going to be given back of it by its own compensation. */
export const isCompensated = ({ payment: { status }, standing }: Account): boolean =>
  standing === 'failed' && status !== 'FAILED' && status !== 'IN_REVIEW';

/** What was given back of one thing that the payment had reserved; undefined where nothing is recorded. */
export const givenBack = ({ undone }: Account, of: Undone['of'], id: string): number | undefined =>
  undone.find((record) => record.of === of && record.id === id)?.delta;
