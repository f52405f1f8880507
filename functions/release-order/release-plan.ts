import type { Undoing } from '../../shared/application/compensation/compensating-transaction.ts';
import { type Release, releaseOf } from '../../shared/domain/compensation/compensation.ts';
import { compensationTarget } from '../../shared/domain/ids.ts';
import type { CouponUse, Order } from '../../shared/domain/orders/order.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Coupons } from '../../shared/persistence/coupon-repository.ts';
import type { Write } from '../../shared/persistence/dynamodb/expressions.ts';
import type { Orders } from '../../shared/persistence/order-repository.ts';

interface Writers {
  readonly orders: Pick<Orders, 'cancel'>;
  readonly coupons: Pick<Coupons, 'restore'>;
}

/** The payment, its order and the order's coupon as they were read. */
interface AsRead {
  readonly payment: Payment;
  readonly order: Order | undefined;
  readonly coupon: CouponUse | undefined;
  readonly at: string;
}

/** The records and writes of one release. The writes hold only while order and coupon are as they were read. */
export const undoingOf = (writers: Writers, asRead: AsRead): Undoing => {
  const { payment, order, coupon, at } = asRead;
  const release = releaseOf(payment, order, coupon, at);

  return {
    records: [
      { target: compensationTarget.order(payment.orderId), delta: 0, outcome: release.order },
      ...couponRecords(payment, release),
    ],
    writes: [
      ...(order && release.order === 'cancelled' ? [writers.orders.cancel(order, at)] : []),
      ...couponWrites(writers, asRead, release),
    ],
  };
};

const couponRecords = ({ couponId }: Payment, { coupon: outcome }: Release) =>
  couponId === undefined || outcome === undefined
    ? []
    : [{ target: compensationTarget.coupon(couponId), delta: 0, outcome }];

const couponWrites = (
  { coupons }: Writers,
  { payment: { orderId }, coupon }: AsRead,
  { coupon: outcome }: Release,
): Write[] => {
  if (coupon === undefined) return [];
  if (outcome === 'restored') return [coupons.restore(coupon, { orderId }, 'AVAILABLE')];
  if (outcome === 'expired') return [coupons.restore(coupon, { orderId }, 'EXPIRED')];

  return [];
};
