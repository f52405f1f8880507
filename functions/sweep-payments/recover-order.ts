import type { CancelOrder } from '../../shared/application/orders/cancel-order.ts';
import { isExpired } from '../../shared/domain/orders/order-cancellation.ts';
import { isOverdue } from '../../shared/domain/payments/recovery.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { Orders } from '../../shared/persistence/order-repository.ts';

interface Dependencies {
  readonly orders: Pick<Orders, 'existing' | 'endDue'>;
  readonly cancel: CancelOrder;
  readonly timings: Pick<Timings, 'overdueAfterMs'>;
}

/** An order that expired and is cancelled now. Orders end so by design: it counts as nothing forgotten. */
export type MendedOrder = 'ORDER_EXPIRED' | 'elsewhere';

/** Ends an order that was not paid in time. If a payment was accepted meanwhile, that payment ends the order, and nothing is cancelled. */
export const mendOrder =
  ({ orders, cancel, timings }: Dependencies, at: Date) =>
  async (orderId: string): Promise<MendedOrder> => {
    const order = await orders.existing(orderId);
    // The index may be a moment behind the table.
    if (!isOverdue(order.dueAt, at, timings)) return 'elsewhere';
    if (order.status !== 'PENDING_PAYMENT') {
      await orders.endDue(order);

      return 'elsewhere';
    }
    if (!isExpired(order, at)) {
      throw new Error(`${orderId} is due, and can be paid until ${order.expiresAt}.`);
    }
    const ended = await cancel(order, { reason: 'expired', at: at.toISOString() });

    return ended === undefined ? 'elsewhere' : 'ORDER_EXPIRED';
  };
