import type { Balance } from '../money.ts';
import type { Coupon, Order, Product } from '../order.ts';
import type { Payment } from '../payment.ts';
import type { Refund } from '../refund.ts';

/** One thing that was given back of a payment, as its compensation recorded it. */
export interface Undone {
  readonly paymentId: string;
  readonly of: 'stock' | 'balance' | 'coupon' | 'order' | 'other';
  /** The sku, the buyer, the coupon or the order. */
  readonly id: string;
  readonly delta: number;
}

/** A refund as the books need it. */
export type BookedRefund = Pick<
  Refund,
  'refundId' | 'paymentId' | 'status' | 'version' | 'amount' | 'lines'
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
}

/** All that only counts, and the PG's own list. */
export interface Counters {
  readonly balances: readonly Balance[];
  readonly products: readonly Product[];
  readonly coupons: readonly Coupon[];
  readonly charges: readonly BookedCharge[];
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
