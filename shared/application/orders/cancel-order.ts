import type { Database } from '../../config/platform.ts';
import type { Order } from '../../domain/orders/order.ts';
import {
  couponStatusAfterRelease,
  toCancelledOrder,
} from '../../domain/orders/order-cancellation.ts';
import type { CouponRepository } from '../../persistence/coupon-repository.ts';
import type { Write } from '../../persistence/dynamodb/expressions.ts';
import { commit } from '../../persistence/dynamodb/transaction.ts';
import type { OrderRepository, UnpaidCancellation } from '../../persistence/order-repository.ts';

interface Stores {
  readonly db: Database;
  readonly orders: Pick<OrderRepository, 'cancelUnpaid'>;
  readonly coupons: Pick<CouponRepository, 'findUse' | 'restore'>;
}

/**
 * Cancels an order that no payment holds and restores its coupon in one transaction, so that the coupon is
 * restored exactly once.
 *
 * Returns the cancelled order. Returns undefined and writes nothing on a version conflict: a payment was
 * accepted, or the order was cancelled concurrently.
 */
export const createCancelOrder =
  ({ db, orders, coupons }: Stores) =>
  async (order: Order, cancellation: UnpaidCancellation): Promise<Order | undefined> => {
    const { userId, couponId } = order;
    const coupon = couponId === undefined ? undefined : await coupons.findUse(userId, couponId);
    const couponStatus = couponStatusAfterRelease(order, coupon, cancellation.at);
    const writes: Write[] = [orders.cancelUnpaid(order, cancellation)];
    if (coupon && couponStatus) writes.push(coupons.restore(coupon, order, couponStatus));
    const conflicts = await commit(
      db,
      writes.map((write) => ({ write, toRejection: () => 'changed' as const })),
    );

    return conflicts.length === 0 ? toCancelledOrder(order, cancellation) : undefined;
  };

export type CancelOrder = ReturnType<typeof createCancelOrder>;
