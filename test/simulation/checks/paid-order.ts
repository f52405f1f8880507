import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { Check } from './check.ts';
import { ordersOf, paymentsOf, unlessEqual } from './stored-items.ts';

const unitsOf = (lines: NonNullable<Payment['reservation']>['lines']): string =>
  lines.map(({ sku, quantity }) => `${quantity} ${sku}`).join(', ');

export const paidOrder: Check = {
  name: 'paid-order',
  property:
    'A payment has the total, the currency and the coupon of its stored order, and reserves exactly its lines, whatever order its request contained.',
  invariants: [2],
  atEnd: (run) => {
    const orders = new Map(ordersOf(run).map((order) => [order.orderId, order]));

    return paymentsOf(run).flatMap((payment) => {
      const { paymentId, orderId, reservation } = payment;
      const order = orders.get(orderId);
      if (order === undefined) return [];

      return [
        ...unlessEqual(`amount of ${paymentId}`, payment.amount, order.total),
        ...unlessEqual(`currency of ${paymentId}`, payment.currency, order.currency),
        ...unlessEqual(`coupon of ${paymentId}`, payment.couponId, order.couponId),
        ...(reservation
          ? unlessEqual(`units of ${paymentId}`, unitsOf(reservation.lines), unitsOf(order.lines))
          : []),
      ];
    });
  },
};
