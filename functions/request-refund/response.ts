import type { Answer } from '../../shared/http/http-handler.ts';
import { refundLinks } from '../../shared/http/refund-body.ts';
import type { RefundOutcome } from './handler.ts';
import type { RequestedBody } from './operation.ts';

/** 202, the same for each request of one key, whatever has become of the refund since. */
export const toRequestedResponse = ({
  value: { replayed: stored, ...refund },
  replayed: cached,
}: {
  value: RefundOutcome;
  replayed: boolean;
}): Answer => {
  const { refundId, paymentId } = refund;

  return {
    status: 202,
    headers: {
      location: refundLinks(refund).self,
      ...((stored || cached) && { 'idempotency-replayed': 'true' }),
    },
    body: { ...refund, status: 'REQUESTED' } satisfies RequestedBody,
    ids: { refundId, paymentId },
  };
};
