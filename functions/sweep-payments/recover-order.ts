import type { CancelOrder } from '../../shared/application/orders/cancel-order.ts';
import { isOrderExpired } from '../../shared/domain/orders/order-cancellation.ts';
import { isStuck } from '../../shared/domain/payments/recovery.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { OrderRepository } from '../../shared/persistence/order-repository.ts';
import type { OrderRecoveryResult } from './sweep-result.ts';

interface Dependencies {
  readonly orders: Pick<OrderRepository, 'getOrThrow' | 'removeDue'>;
  readonly cancel: CancelOrder;
  readonly timings: Pick<Timings, 'sweepGraceMs'>;
}

/**
 * Cancels an order that was not paid in time. Does nothing if a payment was accepted in the meantime: that
 * payment ends the order.
 */
export const recoverOrder =
  ({ orders, cancel, timings }: Dependencies, at: Date) =>
  async (orderId: string): Promise<OrderRecoveryResult> => {
    const order = await orders.getOrThrow(orderId);
    // The index may lag behind the table.
    if (!isStuck(order.dueAt, at, timings)) return 'already-handled';
    if (order.status !== 'PENDING_PAYMENT') {
      await orders.removeDue(order);

      return 'already-handled';
    }
    if (!isOrderExpired(order, at)) {
      throw new Error(`${orderId} is due but can be paid until ${order.expiresAt}.`);
    }
    const ended = await cancel(order, { reason: 'expired', at: at.toISOString() });

    return ended === undefined ? 'already-handled' : 'ORDER_EXPIRED';
  };
