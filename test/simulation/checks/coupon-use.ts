import type { Coupon, Order } from '../../../shared/domain/orders/order.ts';
import type { Check } from './check.ts';
import { couponsOf, ordersOf } from './stored-items.ts';

const isOf = ({ couponId, userId }: Coupon, order: Order): boolean =>
  order.couponId === couponId && order.userId === userId;

export const couponUse: Check = {
  name: 'coupon-use',
  property:
    'A coupon is used by exactly one order that is not cancelled, or by none, and then it is available or expired.',
  invariants: [2, 8],
  atEnd: (run) =>
    couponsOf(run).flatMap((coupon) => {
      const { userId, couponId, status, orderId } = coupon;
      const users = ordersOf(run).filter(
        (order) => isOf(coupon, order) && order.status !== 'CANCELLED',
      );
      const ids = users.map((order) => order.orderId);
      const isRight =
        ids.length === 0 ? status !== 'USED' : status === 'USED' && ids.join() === orderId;

      return isRight
        ? []
        : [`${couponId} of ${userId} is ${status} by ${orderId}, its orders are ${ids.join(', ')}`];
    }),
};
