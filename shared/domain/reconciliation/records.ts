import type { Balance } from '../money.ts';
import type { Coupon, Order, Product } from '../orders/order.ts';
import type { Payment } from '../payments/payment.ts';
import type { Refund } from '../refunds/refund.ts';
import type { SkipCause } from '../skipped-booking.ts';
import type { Subject } from './discrepancy.ts';

/** A compensation record, with its target parsed. */
export interface RestorationRecord {
  readonly paymentId: string;
  readonly of: 'stock' | 'balance' | 'coupon' | 'order' | 'other';
  /** The SKU, or the id of the buyer, coupon or order. */
  readonly id: string;
  readonly delta: number;
}

/** A recorded skipped booking. */
export interface SkipRecord extends RestorationRecord {
  readonly during: 'capture' | 'refund' | 'compensation';
  readonly cause: SkipCause;
}

/** An item that does not match its table's schema. */
export interface UnreadableItem extends Subject {
  /** The invalid fields. */
  readonly reason: string;
  /** The subjects that cannot be compared without it, as far as the item names them. */
  readonly affects: readonly Subject[];
}

/** The fields of a refund that reconciliation needs. */
export type RefundRecord = Pick<
  Refund,
  'refundId' | 'paymentId' | 'status' | 'version' | 'amount' | 'gatewayAmount' | 'lines' | 'skipped'
>;

/** The gateway's total of one reference in one currency, in minor units. */
export interface GatewayCharge {
  readonly reference: string;
  readonly currency: string;
  /** The sum and the number of captures. */
  readonly captured: number;
  readonly captures: number;
  readonly refunded: number;
}

/** Records with a version, or written once. Read twice, they show what changed in between. */
export interface VersionedRecords {
  readonly payments: readonly Payment[];
  readonly restorations: readonly RestorationRecord[];
  readonly refunds: readonly RefundRecord[];
  readonly orders: readonly Order[];
  readonly skips: readonly SkipRecord[];
  readonly unreadable: readonly UnreadableItem[];
}

/** A product, or a shard of one. */
export interface StockedItem extends Product {
  /** The product of a shard. */
  readonly shardOf?: string;
}

/** Counters without a version, and the gateway's charges. */
export interface UnversionedRecords {
  readonly balances: readonly Balance[];
  readonly products: readonly StockedItem[];
  readonly coupons: readonly Coupon[];
  readonly charges: readonly GatewayCharge[];
  readonly unreadableCounters: readonly UnreadableItem[];
}

/** The version and buyer of each payment and order when it was read. Equal texts mean unchanged. */
export type Versions = ReadonlyMap<string, string>;

export const versionKeyOf = {
  payment: (paymentId: string) => `payment ${paymentId}`,
  order: (orderId: string) => `order ${orderId}`,
};

/** A version here includes the buyer, and that of a payment its compensation records and the versions of its refunds. */
export const versionsOf = ({
  payments,
  restorations,
  refunds,
  orders,
}: VersionedRecords): Versions => {
  const versions = new Map<string, string>();
  const add = (key: string, version: string) =>
    versions.set(key, `${versions.get(key) ?? ''}${version}`);
  for (const { paymentId, version, userId } of payments)
    add(versionKeyOf.payment(paymentId), `${version} ${userId}`);
  for (const { paymentId } of restorations) add(versionKeyOf.payment(paymentId), '+');
  for (const { paymentId, refundId, version } of refunds.toSorted(byRefundId)) {
    add(versionKeyOf.payment(paymentId), ` ${refundId}@${version}`);
  }
  for (const { orderId, version, userId } of orders)
    add(versionKeyOf.order(orderId), `${version} ${userId}`);

  return versions;
};

const byRefundId = (a: RefundRecord, b: RefundRecord) => (a.refundId < b.refundId ? -1 : 1);
