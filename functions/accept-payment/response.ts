import type { HttpResponse } from '../../shared/http/http-response.ts';
import { paymentLinks } from '../../shared/http/payment-body.ts';
import type { AcceptPaymentResult } from './handler.ts';
import type { AcceptedBody } from './operation.ts';

/** 202, the same for each request of one key, whatever has become of the payment since. */
export const toAcceptedResponse = ({
  value: { replayed: stored, ...payment },
  replayed: cached,
}: {
  value: AcceptPaymentResult;
  replayed: boolean;
}): HttpResponse => {
  const links = paymentLinks(payment.paymentId);

  return {
    status: 202,
    headers: {
      location: links.self,
      'retry-after': '1',
      ...((stored || cached) && { 'idempotency-replayed': 'true' }),
    },
    body: {
      ...payment,
      status: 'PENDING',
      links,
    } satisfies AcceptedBody,
    ids: { paymentId: payment.paymentId, orderId: payment.orderId },
  };
};
