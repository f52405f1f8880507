import type { HttpResponse } from '../../shared/http/http-response.ts';
import { refundLinks } from '../../shared/http/refund-body.ts';
import type { RequestRefundResult } from './handler.ts';
import type { RequestedRefundBody } from './operation.ts';

/** 202, the same for each request of one key, whatever has become of the refund since. */
export const toRequestedRefundResponse = ({
  value: { replayed: stored, ...refund },
  replayed: cached,
}: {
  value: RequestRefundResult;
  replayed: boolean;
}): HttpResponse => {
  const { refundId, paymentId } = refund;

  return {
    status: 202,
    headers: {
      location: refundLinks(refund).self,
      ...((stored || cached) && { 'idempotency-replayed': 'true' }),
    },
    body: { ...refund, status: 'REQUESTED' } satisfies RequestedRefundBody,
    ids: { refundId, paymentId },
  };
};
