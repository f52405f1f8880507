import type { Answer } from '../../shared/http/http-handler.ts';
import type { CreateOutcome } from './handler.ts';
import type { CreatedBody } from './operation.ts';

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
  body: { orderId, status: 'PENDING_PAYMENT', ...order } satisfies CreatedBody,
  ids: { orderId },
});
