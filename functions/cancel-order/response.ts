import type { HttpResponse } from '../../shared/http/http-response.ts';
import type { OrderBody } from '../../shared/http/schemas/order.ts';

export interface CancelOrderResult {
  readonly order: OrderBody;
  readonly replayed: boolean;
}

/** 200: the order is cancelled and its coupon is free, both by now. */
export const toCancelledOrderResponse = ({
  value: { order, replayed: stored },
  replayed: cached,
}: {
  value: CancelOrderResult;
  replayed: boolean;
}): HttpResponse => ({
  status: 200,
  headers: {
    location: `/orders/${order.orderId}`,
    ...((stored || cached) && { 'idempotency-replayed': 'true' }),
  },
  body: order,
  ids: { orderId: order.orderId },
});
