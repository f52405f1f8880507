import type { Order } from '../../../shared/domain/orders/order.ts';
import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { couponsOf, ordersOf, sumOf, unlessEqual } from './stored-items.ts';

/** Undefined if another system has deleted the coupon since. */
const expectedDiscount = (run: RunRecord, order: Order, subtotal: number): number | undefined => {
  const { userId, couponId } = order;
  if (couponId === undefined) return 0;
  const coupon = couponsOf(run).find(
    (each) => each.userId === userId && each.couponId === couponId,
  );

  return coupon && Math.min(coupon.amountOff, subtotal);
};

const faultsOf = (run: RunRecord, order: Order): readonly string[] => {
  const { orderId, lines, total } = order;
  const subtotal = sumOf(lines, ({ unitPrice, quantity }) => unitPrice * quantity);
  const discount = expectedDiscount(run, order, subtotal);

  return discount === undefined
    ? []
    : unlessEqual(`total of ${orderId}`, total, subtotal - discount);
};

export const orderTotal: Check = {
  name: 'order-total',
  property:
    'The total of an order is the sum of its lines less the amount of its coupon, and never negative.',
  invariants: [2],
  atEnd: (run) => ordersOf(run).flatMap((order) => faultsOf(run, order)),
};
