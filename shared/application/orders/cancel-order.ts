import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Order } from '../../domain/orders/order.ts';
import { cancelled, couponStatusAfter } from '../../domain/orders/order-cancellation.ts';
import type { Coupons } from '../../persistence/coupon-repository.ts';
import type { Write } from '../../persistence/dynamodb/expressions.ts';
import { commit } from '../../persistence/dynamodb/transaction.ts';
import type { Orders, UnpaidCancel } from '../../persistence/order-repository.ts';

interface Stores {
  readonly db: DynamoDBDocumentClient;
  readonly orders: Pick<Orders, 'cancelUnpaid'>;
  readonly coupons: Pick<Coupons, 'findUse' | 'restore'>;
}

/**
 * Cancels an order that no payment holds and gives its coupon back, both in one transaction, so that the coupon comes back exactly once.
 *
 * Returns the order as it is stored then, or undefined if the order or its coupon changed since they were read: a payment was accepted,
 * or another cancel was first. Nothing is written then.
 */
export const cancelOrderIn =
  ({ db, orders, coupons }: Stores) =>
  async (order: Order, cancel: UnpaidCancel): Promise<Order | undefined> => {
    const { userId, couponId } = order;
    const coupon = couponId === undefined ? undefined : await coupons.findUse(userId, couponId);
    const couponStatus = couponStatusAfter(order, coupon, cancel.at);
    const writes: Write[] = [orders.cancelUnpaid(order, cancel)];
    if (coupon && couponStatus) writes.push(coupons.restore(coupon, order, couponStatus));
    const changed = await commit(
      db,
      writes.map((write) => ({ write, refused: () => 'changed' as const })),
    );

    return changed.length === 0 ? cancelled(order, cancel) : undefined;
  };

export type CancelOrder = ReturnType<typeof cancelOrderIn>;
