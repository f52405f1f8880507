import { RejectionError } from '../errors.ts';
import type { Order, OrderContent } from './order.ts';

/** An order as accept sees it: as read, or as its client sent it. */
export type OrderToPay = OrderContent &
  Pick<Order, 'orderId' | 'userId' | 'status' | 'contentHash' | 'activePaymentId' | 'cancelReason'>;

/** Rejects an order whose total differs from the total that the buyer expects, if given. */
export const assertExpectedTotal = ({ total, currency }: OrderToPay, expected = total): void => {
  if (expected === total) return;
  throw new RejectionError({
    code: 'total-changed',
    detail: `The order's total is ${total} ${currency}.`,
  });
};
