import { RejectionError } from '../errors.ts';
import { hasPassed, parseInstant } from '../time.ts';
import type { CancelReason, CouponUse, Order } from './order.ts';
import type { OrderToPay } from './order-to-pay.ts';

/** Whether the order can no longer be paid. An `expiresAt` that is not a valid date-time counts as passed. */
export const isOrderExpired = ({ expiresAt }: Pick<Order, 'expiresAt'>, at: Date): boolean =>
  !(at.getTime() < (parseInstant(expiresAt) ?? 0));

/** The rejection of a payment that comes after the order's `expiresAt`. */
export const orderExpired = () =>
  new RejectionError({
    code: 'order-expired',
    detail: 'The order was not paid before it expired.',
  });

/** Rejects an expired order, before and after the sweeper has cancelled it. */
export const assertNotExpired = (order: OrderToPay, at: Date): void => {
  const { status, cancelReason } = order;
  const isOver = status === 'PENDING_PAYMENT' && isOrderExpired(order, at);
  if (isOver || (status === 'CANCELLED' && cancelReason === 'expired')) throw orderExpired();
};

/** Returns the cancelled order. */
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

/** What happens to the order of a failed payment. */
export type OrderReleaseOutcome =
  | 'cancelled'
  | 'already-cancelled'
  | 'held-by-another-payment'
  | 'target-missing';

/** What happens to the coupon of a cancelled order. */
export type CouponReleaseOutcome =
  | 'restored'
  | 'expired'
  | 'not-used-by-order'
  | 'held-by-another-payment'
  | 'target-missing';

export const couponReleaseOutcome = (
  orderId: string,
  coupon: CouponUse | undefined,
  at: string,
): CouponReleaseOutcome => {
  if (coupon === undefined) return 'target-missing';
  if (coupon.status !== 'USED' || coupon.orderId !== orderId) return 'not-used-by-order';

  return hasPassed(coupon.expiresAt, new Date(at)) ? 'expired' : 'restored';
};

/** The status of a coupon after its order is cancelled; undefined if this order does not use the coupon. */
export const couponStatusAfterRelease = (
  order: Order,
  coupon: CouponUse | undefined,
  at: string,
): 'AVAILABLE' | 'EXPIRED' | undefined => {
  const outcome = couponReleaseOutcome(order.orderId, coupon, at);
  if (outcome === 'restored') return 'AVAILABLE';

  return outcome === 'expired' ? 'EXPIRED' : undefined;
};
