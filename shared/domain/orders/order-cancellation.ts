import { couponReleaseOutcome } from '../compensation/compensation.ts';
import { RejectionError } from '../errors.ts';
import { fundsStateOf } from '../payments/funds-state.ts';
import type { Payment } from '../payments/payment.ts';
import { parseInstant } from '../time.ts';
import type { CancelReason, CouponUse, Order } from './order.ts';

/** Whether the payment failed, so that its compensation cancels its order. Of one under review a person decides first. */
export const isBeingReleased = (payment: Payment): boolean =>
  payment.status !== 'IN_REVIEW' && fundsStateOf(payment) === 'failed';

/** Whether the order can no longer be paid. An instant that cannot be read has passed: the age of such a price is unknown. */
export const isOrderExpired = ({ expiresAt }: Pick<Order, 'expiresAt'>, at: Date): boolean =>
  !(at.getTime() < (parseInstant(expiresAt) ?? 0));

/** The refusal of a payment that comes after the order's `expiresAt`. */
export const orderExpired = () =>
  new RejectionError({
    code: 'order-expired',
    detail: 'The order was not paid before it expired.',
  });

/** Refuses an order that expired, before and after the sweeper has cancelled it. */
export const assertNotExpired = (order: Order, at: Date): void => {
  const { status, cancelReason } = order;
  const isOver = status === 'PENDING_PAYMENT' && isOrderExpired(order, at);
  if (isOver || (status === 'CANCELLED' && cancelReason === 'expired')) throw orderExpired();
};

/** The order as a cancel leaves it. */
export const toCancelledOrder = (
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
export const couponStatusAfterRelease = (
  order: Order,
  coupon: CouponUse | undefined,
  at: string,
): 'AVAILABLE' | 'EXPIRED' | undefined => {
  const outcome = couponReleaseOutcome(order.orderId, coupon, at);
  if (outcome === 'restored') return 'AVAILABLE';

  return outcome === 'expired' ? 'EXPIRED' : undefined;
};
