import {
  type CompensationRecord,
  decideRelease,
  type OrderRelease,
} from '../../domain/compensation/compensation.ts';
import { compensationTarget } from '../../domain/compensation/compensation-target.ts';
import type { CouponUse } from '../../domain/orders/order.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import type { CouponRepository } from '../../persistence/coupon-repository.ts';
import type { Write } from '../../persistence/dynamodb/expressions.ts';
import type { OrderRepository } from '../../persistence/order-repository.ts';

/** What a release reads and writes. */
export interface ReleaseStores {
  readonly orders: Pick<OrderRepository, 'find' | 'cancel'>;
  readonly coupons: Pick<CouponRepository, 'findUse' | 'restore'>;
}

type ReleaseRecord = Pick<CompensationRecord, 'target' | 'delta' | 'outcome'>;

/** The writes of a release, and the records that describe them. */
interface ReleasePlan {
  readonly records: readonly [ReleaseRecord, ...ReleaseRecord[]];
  readonly writes: readonly Write[];
}

/**
 * Plans to cancel the order of a failed payment and to restore its coupon. The writes are conditional on the
 * order and coupon that it reads.
 */
export const planRelease = async (
  stores: ReleaseStores,
  payment: Payment,
  at: string,
): Promise<ReleasePlan> => {
  const { orderId, userId, couponId } = payment;
  const [order, coupon] = await Promise.all([
    stores.orders.find(orderId),
    couponId === undefined ? undefined : stores.coupons.findUse(userId, couponId),
  ]);
  const release = decideRelease(payment, order, coupon, at);

  return {
    records: [
      { target: compensationTarget.order(orderId), delta: 0, outcome: release.order },
      ...couponRecords(payment, release),
    ],
    writes: [
      ...(order && release.order === 'cancelled' ? [stores.orders.cancel(order, at)] : []),
      ...couponWrites(stores, payment, coupon, release),
    ],
  };
};

const couponRecords = ({ couponId }: Payment, { coupon: outcome }: OrderRelease) =>
  couponId === undefined || outcome === undefined
    ? []
    : [{ target: compensationTarget.coupon(couponId), delta: 0, outcome }];

const couponWrites = (
  { coupons }: ReleaseStores,
  { orderId }: Payment,
  coupon: CouponUse | undefined,
  { coupon: outcome }: OrderRelease,
): Write[] => {
  if (coupon === undefined) return [];
  if (outcome === 'restored') return [coupons.restore(coupon, { orderId }, 'AVAILABLE')];
  if (outcome === 'expired') return [coupons.restore(coupon, { orderId }, 'EXPIRED')];

  return [];
};
