import type { Balance } from '../money.ts';
import type { Coupon, Order, Product } from '../orders/order.ts';
import type { Payment } from '../payments/payment.ts';
import type { Refund } from '../refunds/refund.ts';
import type { SkipCause } from '../skipped-booking.ts';
import type { Subject } from './discrepancy.ts';

/** One thing that was given back of a payment, as its compensation recorded it. */
export interface Undone {
  readonly paymentId: string;
  readonly of: 'stock' | 'balance' | 'coupon' | 'order' | 'other';
  /** The sku, the buyer, the coupon or the order. */
  readonly id: string;
  readonly delta: number;
}

/** A booking that was recorded as skipped: its item was gone or did not allow it. */
export interface Skip extends Undone {
  readonly during: 'capture' | 'refund' | 'compensation';
  readonly cause: SkipCause;
}

/** An item that cannot be read as what its table promises. */
export interface Unreadable extends Subject {
  /** What is wrong with it. */
  readonly why: string;
  /** What cannot be judged without it, as far as the item says so. */
  readonly touches: readonly Subject[];
}

/** A refund as the books need it. */
export type BookedRefund = Pick<
  Refund,
  'refundId' | 'paymentId' | 'status' | 'version' | 'amount' | 'lines' | 'skipped'
>;

/** What the PG has of one reference of ours in one currency, in its minor units. */
export interface BookedCharge {
  readonly reference: string;
  readonly currency: string;
  /** The sum of all captures, and how many they are: more than one is one too many. */
  readonly captured: number;
  readonly captures: number;
  readonly refunded: number;
}

/** All that carries its own version, or is written once: read twice it tells what moved in between. */
export interface Histories {
  readonly payments: readonly Payment[];
  readonly undone: readonly Undone[];
  readonly refunds: readonly BookedRefund[];
  readonly orders: readonly Order[];
  readonly skips: readonly Skip[];
  readonly unreadable: readonly Unreadable[];
}

/** All that only counts, and the PG's own list. */
export interface Counters {
  readonly balances: readonly Balance[];
  readonly products: readonly Product[];
  readonly coupons: readonly Coupon[];
  readonly charges: readonly BookedCharge[];
  readonly unreadableCounters: readonly Unreadable[];
}

/** Where each payment and order stood when it was read: equal texts, and nothing of it has moved. */
export type Positions = ReadonlyMap<string, string>;

export const positionOf = {
  payment: (paymentId: string) => `payment ${paymentId}`,
  order: (orderId: string) => `order ${orderId}`,
};

/** A step of a compensation moves no version, but leaves a record; a refund has a version of its own. */
export const positionsIn = ({ payments, undone, refunds, orders }: Histories): Positions => {
  const positions = new Map<string, string>();
  const add = (key: string, position: string) =>
    positions.set(key, `${positions.get(key) ?? ''}${position}`);
  for (const { paymentId, version } of payments) add(positionOf.payment(paymentId), `${version}`);
  for (const { paymentId } of undone) add(positionOf.payment(paymentId), '+');
  for (const { paymentId, refundId, version } of refunds.toSorted(byId)) {
    add(positionOf.payment(paymentId), ` ${refundId}@${version}`);
  }
  for (const { orderId, version } of orders) add(positionOf.order(orderId), `${version}`);

  return positions;
};

const byId = (a: BookedRefund, b: BookedRefund) => (a.refundId < b.refundId ? -1 : 1);
