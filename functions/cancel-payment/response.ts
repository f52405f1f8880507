import type { HttpResponse } from '../../shared/http/http-response.ts';
import type { CancelPaymentResult } from './handler.ts';

/** 202: what follows is an undoing or a refund, and the payment says which. */
export const toCancelledPaymentResponse = ({
  value: { payment, replayed: stored },
  replayed: cached,
}: {
  value: CancelPaymentResult;
  replayed: boolean;
}): HttpResponse => ({
  status: 202,
  headers: {
    location: payment.links.self,
    'retry-after': '1',
    ...((stored || cached) && { 'idempotency-replayed': 'true' }),
  },
  body: payment,
  ids: { paymentId: payment.paymentId, orderId: payment.orderId },
});
