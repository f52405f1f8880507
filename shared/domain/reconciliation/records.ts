import type { Balance } from '../money.ts';
import type { Coupon, Order, Product } from '../orders/order.ts';
import type { Payment } from '../payments/payment.ts';
import type { Refund } from '../refunds/refund.ts';
import type { SkipCause } from '../skipped-booking.ts';
import type { Subject } from './discrepancy.ts';

/** One thing that was given back of a payment, as its compensation recorded it. */
export interface RestorationRecord {
  readonly paymentId: string;
  readonly of: 'stock' | 'balance' | 'coupon' | 'order' | 'other';
  /** The sku, the buyer, the coupon or the order. */
  readonly id: string;
  readonly delta: number;
}

/** A booking that was recorded as skipped: its item was gone or did not allow it. */
export interface SkipRecord extends RestorationRecord {
  readonly during: 'capture' | 'refund' | 'compensation';
  readonly cause: SkipCause;
}

/** An item that cannot be read as what its table promises. */
export interface UnreadableItem extends Subject {
  /** What is wrong with it. */
  readonly reason: string;
  /** What cannot be judged without it, as far as the item says so. */
  readonly affects: readonly Subject[];
}

/** A refund as the books need it. */
export type RefundRecord = Pick<
  Refund,
  'refundId' | 'paymentId' | 'status' | 'version' | 'amount' | 'lines' | 'skipped'
>;

/** What the PG has of one reference of ours in one currency, in its minor units. */
export interface GatewayCharge {
  readonly reference: string;
  readonly currency: string;
  /** The sum of all captures, and how many they are: more than one is one too many. */
  readonly captured: number;
  readonly captures: number;
  readonly refunded: number;
}

/** All that carries its own version, or is written once: read twice it tells what moved in between. */
export interface VersionedRecords {
  readonly payments: readonly Payment[];
  readonly restorations: readonly RestorationRecord[];
  readonly refunds: readonly RefundRecord[];
  readonly orders: readonly Order[];
  readonly skips: readonly SkipRecord[];
  readonly unreadable: readonly UnreadableItem[];
}

/** All that only counts, and the PG's own list. */
export interface UnversionedRecords {
  readonly balances: readonly Balance[];
  readonly products: readonly Product[];
  readonly coupons: readonly Coupon[];
  readonly charges: readonly GatewayCharge[];
  readonly unreadableCounters: readonly UnreadableItem[];
}

/** Where each payment and order stood when it was read: equal texts, and nothing of it has moved. */
export type Versions = ReadonlyMap<string, string>;

export const versionKeyOf = {
  payment: (paymentId: string) => `payment ${paymentId}`,
  order: (orderId: string) => `order ${orderId}`,
};

/** A step of a compensation moves no version, but leaves a record; a refund has a version of its own. */
export const versionsOf = ({
  payments,
  restorations,
  refunds,
  orders,
}: VersionedRecords): Versions => {
  const versions = new Map<string, string>();
  const add = (key: string, version: string) =>
    versions.set(key, `${versions.get(key) ?? ''}${version}`);
  for (const { paymentId, version } of payments) add(versionKeyOf.payment(paymentId), `${version}`);
  for (const { paymentId } of restorations) add(versionKeyOf.payment(paymentId), '+');
  for (const { paymentId, refundId, version } of refunds.toSorted(byRefundId)) {
    add(versionKeyOf.payment(paymentId), ` ${refundId}@${version}`);
  }
  for (const { orderId, version } of orders) add(versionKeyOf.order(orderId), `${version}`);

  return versions;
};

const byRefundId = (a: RefundRecord, b: RefundRecord) => (a.refundId < b.refundId ? -1 : 1);
