import type { CompensationPlan } from '../../shared/application/compensation/compensating-transaction.ts';
import { decideRelease, type OrderRelease } from '../../shared/domain/compensation/compensation.ts';
import { compensationTarget } from '../../shared/domain/compensation/compensation-target.ts';
import type { CouponUse, Order } from '../../shared/domain/orders/order.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { CouponRepository } from '../../shared/persistence/coupon-repository.ts';
import type { Write } from '../../shared/persistence/dynamodb/expressions.ts';
import type { OrderRepository } from '../../shared/persistence/order-repository.ts';

interface Writers {
  readonly orders: Pick<OrderRepository, 'cancel'>;
  readonly coupons: Pick<CouponRepository, 'restore'>;
}

interface ReleaseSnapshot {
  readonly payment: Payment;
  readonly order: Order | undefined;
  readonly coupon: CouponUse | undefined;
  readonly at: string;
}

/** Plans one release. Its writes are conditional on the order and coupon that were read. */
export const planRelease = (writers: Writers, snapshot: ReleaseSnapshot): CompensationPlan => {
  const { payment, order, coupon, at } = snapshot;
  const release = decideRelease(payment, order, coupon, at);

  return {
    records: [
      { target: compensationTarget.order(payment.orderId), delta: 0, outcome: release.order },
      ...couponRecords(payment, release),
    ],
    writes: [
      ...(order && release.order === 'cancelled' ? [writers.orders.cancel(order, at)] : []),
      ...couponWrites(writers, snapshot, release),
    ],
  };
};

const couponRecords = ({ couponId }: Payment, { coupon: outcome }: OrderRelease) =>
  couponId === undefined || outcome === undefined
    ? []
    : [{ target: compensationTarget.coupon(couponId), delta: 0, outcome }];

const couponWrites = (
  { coupons }: Writers,
  { payment: { orderId }, coupon }: ReleaseSnapshot,
  { coupon: outcome }: OrderRelease,
): Write[] => {
  if (coupon === undefined) return [];
  if (outcome === 'restored') return [coupons.restore(coupon, { orderId }, 'AVAILABLE')];
  if (outcome === 'expired') return [coupons.restore(coupon, { orderId }, 'EXPIRED')];

  return [];
};
