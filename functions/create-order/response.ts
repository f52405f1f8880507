import type { HttpResponse } from '../../shared/http/http-response.ts';
import type { CreateOrderResult } from './handler.ts';
import type { CreatedOrderBody } from './operation.ts';

/** 201, the same for each request of one key, whatever has become of the order since. */
export const toCreatedOrderResponse = ({
  value: { replayed: stored, orderId, ...order },
  replayed: cached,
}: {
  value: CreateOrderResult;
  replayed: boolean;
}): HttpResponse => ({
  status: 201,
  headers: {
    location: `/orders/${orderId}`,
    ...((stored || cached) && { 'idempotency-replayed': 'true' }),
  },
  body: { orderId, status: 'PENDING_PAYMENT', ...order } satisfies CreatedOrderBody,
  ids: { orderId },
});
