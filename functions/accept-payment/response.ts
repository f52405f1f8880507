import type { BuyerStatus } from '../../shared/domain/payment.ts';
import type { Answer } from '../../shared/http/boundary.ts';
import type { AcceptOutcome } from './handler.ts';

/** 202, the same for each request of one key, whatever has become of the payment since. */
export const toAcceptedResponse = ({
  value: { replayed: stored, ...payment },
  replayed: cached,
}: {
  value: AcceptOutcome;
  replayed: boolean;
}): Answer => {
  const self = `/payments/${payment.paymentId}`;

  return {
    status: 202,
    headers: {
      location: self,
      'retry-after': '1',
      ...((stored || cached) && { 'idempotency-replayed': 'true' }),
    },
    body: {
      ...payment,
      status: 'PENDING' satisfies BuyerStatus,
      links: { self, timeline: `${self}/timeline` },
    },
    ids: { paymentId: payment.paymentId, orderId: payment.orderId },
  };
};
