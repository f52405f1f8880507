import { RejectionError } from '../../domain/errors.ts';
import type { Order } from '../../domain/orders/order.ts';
import { isOrderExpired } from '../../domain/orders/order-cancellation.ts';
import { isBeingReleased } from '../../domain/payments/funds-state.ts';
import type { CouponRepository } from '../../persistence/coupon-repository.ts';
import type { OrderRepository } from '../../persistence/order-repository.ts';
import type { PaymentListRepository } from '../../persistence/payment-list-repository.ts';
import type { PaymentRepository } from '../../persistence/payment-repository.ts';
import { beingReleased } from './held-order.ts';

interface Stores {
  readonly orders: Pick<OrderRepository, 'find'>;
  readonly coupons: Pick<CouponRepository, 'findUse'>;
  readonly payments: Pick<PaymentRepository, 'find'>;
  /** Finds payments that were rejected at accept: they hold no order. */
  readonly buyersPayments: PaymentListRepository;
}

/** The sweeper runs once a minute. */
const sweepIntervalSeconds = 60;

/**
 * Explains, after a coupon was rejected, why it is in use. Returns a rejection that says when the coupon may
 * be available, `available` if it is no longer in use, or undefined if it is used permanently.
 */
export const createExplainCouponUse =
  ({ orders, coupons, payments, buyersPayments }: Stores) =>
  async (
    use: { readonly userId: string; readonly couponId: string },
    at: Date,
  ): Promise<RejectionError | 'available' | undefined> => {
    const coupon = await coupons.findUse(use.userId, use.couponId);
    if (coupon?.status === 'AVAILABLE') return 'available';
    if (coupon?.status !== 'USED' || typeof coupon.orderId !== 'string') return undefined;
    const order = await orders.find(coupon.orderId);
    switch (order?.status) {
      case 'CANCELLED':
        return couponBeingReleased(order);
      case 'PENDING_PAYMENT':
        if (isOrderExpired(order, at)) return couponBeingReleased(order, sweepIntervalSeconds);

        return (await wasRejected(order))
          ? couponBeingReleased(order)
          : usedByUnpaidOrder(order, at);
      case 'PAYING':
        return (await isHeldByFailed(order))
          ? couponBeingReleased(order)
          : usedByPayingOrder(order);
      default:
        return undefined;
    }

    async function isHeldByFailed({ activePaymentId = '' }: Order): Promise<boolean> {
      const holder = await payments.find(activePaymentId);

      return holder !== undefined && isBeingReleased(holder);
    }

    /** A payment that was rejected at accept is stored as FAILED, and its compensation cancels the order. */
    async function wasRejected({ userId, orderId }: Order): Promise<boolean> {
      const { items } = await buyersPayments.page({
        userId,
        limit: 1,
        matchesEntry: (entry) => entry.orderId === orderId,
        matches: isBeingReleased,
      });

      return items.length > 0;
    }
  };

const couponBeingReleased = ({ orderId }: Order, retryAfterSeconds = 1) =>
  beingReleased(`Order "${orderId}" releases the coupon in a moment.`, retryAfterSeconds);

const couponInUse = (detail: string, retryAfterSeconds: number) =>
  new RejectionError({ code: 'coupon-not-usable', detail, retryAfterSeconds });

const usedByUnpaidOrder = ({ orderId, expiresAt }: Order, at: Date) =>
  couponInUse(
    `The coupon is used by order "${orderId}", which is not paid: cancel that order, or wait until it expires.`,
    Math.ceil((Date.parse(expiresAt) - at.getTime()) / 1_000),
  );

const usedByPayingOrder = ({ orderId }: Order) =>
  couponInUse(`The coupon is used by order "${orderId}", which is being paid.`, 1);
