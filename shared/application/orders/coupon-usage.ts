import { Refusal } from '../../domain/errors.ts';
import type { Order } from '../../domain/orders/order.ts';
import { isExpired, isReleasing } from '../../domain/orders/order-cancellation.ts';
import type { Coupons } from '../../persistence/coupon-repository.ts';
import type { Orders } from '../../persistence/order-repository.ts';
import type { PaymentsOfBuyer } from '../../persistence/payment-list-repository.ts';
import type { Payments } from '../../persistence/payment-repository.ts';
import { beingReleased } from './held-order.ts';

interface Stores {
  readonly orders: Pick<Orders, 'find'>;
  readonly coupons: Pick<Coupons, 'findUse'>;
  readonly payments: Pick<Payments, 'find'>;
  /** The buyer's payments: the index that finds those that were refused at accept, which hold no order. */
  readonly buyersPayments: PaymentsOfBuyer;
}

/** The sweeper comes once a minute. */
const sweepSeconds = 60;

/**
 * Why a coupon that was refused is in use, read only after the refusal: a refusal that says when the coupon may come back; `ended` if the
 * coupon is not in use any more; undefined if it is used for good.
 */
export const couponUseIn =
  ({ orders, coupons, payments, buyersPayments }: Stores) =>
  async (
    of: { readonly userId: string; readonly couponId: string },
    at: Date,
  ): Promise<Refusal | 'ended' | undefined> => {
    const coupon = await coupons.findUse(of.userId, of.couponId);
    if (coupon?.status === 'AVAILABLE') return 'ended';
    if (coupon?.status !== 'USED' || typeof coupon.orderId !== 'string') return undefined;
    const order = await orders.find(coupon.orderId);
    switch (order?.status) {
      case 'CANCELLED':
        return released(order);
      case 'PENDING_PAYMENT':
        if (isExpired(order, at)) return released(order, sweepSeconds);

        return (await wasRefused(order)) ? released(order) : unpaid(order, at);
      case 'PAYING':
        return (await isHeldByFailed(order)) ? released(order) : paying(order);
      default:
        return undefined;
    }

    async function isHeldByFailed({ activePaymentId = '' }: Order): Promise<boolean> {
      const holder = await payments.find(activePaymentId);

      return holder !== undefined && isReleasing(holder);
    }

    /** A payment that accept refused is stored as failed, and its compensation cancels the order. */
    async function wasRefused({ userId, orderId }: Order): Promise<boolean> {
      const { items } = await buyersPayments.page({
        userId,
        limit: 1,
        wanted: (payment) => payment.orderId === orderId && isReleasing(payment),
      });

      return items.length > 0;
    }
  };

const released = ({ orderId }: Order, retryAfterSeconds = 1) =>
  beingReleased(`Order "${orderId}" gives the coupon back in a moment.`, retryAfterSeconds);

const inUse = (detail: string, retryAfterSeconds: number) =>
  new Refusal({ code: 'coupon-not-usable', detail, retryAfterSeconds });

const unpaid = ({ orderId, expiresAt }: Order, at: Date) =>
  inUse(
    `The coupon is used by order "${orderId}", which is not paid: cancel that order, or wait until it expires.`,
    Math.ceil((Date.parse(expiresAt) - at.getTime()) / 1_000),
  );

const paying = ({ orderId }: Order) =>
  inUse(`The coupon is used by order "${orderId}", which is being paid.`, 1);
