import { couponOutcome } from '../compensation/compensation.ts';
import { Refusal } from '../errors.ts';
import { standingOf } from '../payments/funds-state.ts';
import type { Payment } from '../payments/payment.ts';
import { instantOf } from '../time.ts';
import type { CancelReason, CouponUse, Order } from './order.ts';

/** Whether the payment failed, so that its compensation cancels its order. Of one under review a person decides first. */
export const isReleasing = (payment: Payment): boolean =>
  payment.status !== 'IN_REVIEW' && standingOf(payment) === 'failed';

/** Whether the order can no longer be paid. An instant that cannot be read has passed: the age of such a price is unknown. */
export const isExpired = ({ expiresAt }: Pick<Order, 'expiresAt'>, at: Date): boolean =>
  !(at.getTime() < (instantOf(expiresAt) ?? 0));

/** The refusal of a payment that comes after the order's `expiresAt`. */
export const orderExpired = () =>
  new Refusal({ code: 'order-expired', detail: 'The order was not paid before it expired.' });

/** Refuses an order that expired, before and after the sweeper has cancelled it. */
export const expectUnexpired = (order: Order, at: Date): void => {
  const { status, cancelReason } = order;
  const isOver = status === 'PENDING_PAYMENT' && isExpired(order, at);
  if (isOver || (status === 'CANCELLED' && cancelReason === 'expired')) throw orderExpired();
};

/** The order as a cancel leaves it. */
export const cancelled = (
  order: Order,
  { reason, at, traceparent }: { reason: CancelReason; at: string; traceparent?: string },
): Order => {
  const { activePaymentId, dueShard, dueAt, ...kept } = order;

  return {
    ...kept,
    status: 'CANCELLED',
    cancelReason: reason,
    ...(traceparent && { traceparent }),
    version: order.version + 1,
    updatedAt: at,
  };
};

/** The status of the coupon that a cancelled order gives back; undefined if the coupon is not used by this order. */
export const couponStatusAfter = (
  order: Order,
  coupon: CouponUse | undefined,
  at: string,
): 'AVAILABLE' | 'EXPIRED' | undefined => {
  const outcome = couponOutcome(order.orderId, coupon, at);
  if (outcome === 'restored') return 'AVAILABLE';

  return outcome === 'expired' ? 'EXPIRED' : undefined;
};
