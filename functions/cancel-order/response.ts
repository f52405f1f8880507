import type { Answer } from '../../shared/http/http-handler.ts';
import type { OrderBody } from '../../shared/http/schemas/order.ts';

export interface CancelOutcome {
  readonly order: OrderBody;
  readonly replayed: boolean;
}

/** 200: the order is cancelled and its coupon is free, both by now. */
export const toCancelledResponse = ({
  value: { order, replayed: stored },
  replayed: cached,
}: {
  value: CancelOutcome;
  replayed: boolean;
}): Answer => ({
  status: 200,
  headers: {
    location: `/orders/${order.orderId}`,
    ...((stored || cached) && { 'idempotency-replayed': 'true' }),
  },
  body: order,
  ids: { orderId: order.orderId },
});
