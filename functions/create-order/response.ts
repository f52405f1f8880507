import type { OrderStatus } from '../../shared/domain/order.ts';
import type { Answer } from '../../shared/http/boundary.ts';
import type { CreateOutcome } from './handler.ts';

/** 201, the same for each request of one key, whatever has become of the order since. */
export const toCreatedResponse = ({
  value: { replayed: stored, orderId, ...order },
  replayed: cached,
}: {
  value: CreateOutcome;
  replayed: boolean;
}): Answer => ({
  status: 201,
  headers: {
    location: `/orders/${orderId}`,
    ...((stored || cached) && { 'idempotency-replayed': 'true' }),
  },
  body: { orderId, status: 'PENDING_PAYMENT' satisfies OrderStatus, ...order },
  ids: { orderId },
});
