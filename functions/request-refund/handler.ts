import type { createRequestRefund } from '../../shared/application/refunds/request-refund.ts';
import { deriveRefundId, requestHashOf } from '../../shared/domain/ids.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { refundLinks } from '../../shared/http/refund-body.ts';
import type { RequestedRefundBody } from './operation.ts';
import { type RefundPaymentRequest, selectionOf } from './request.ts';

interface Dependencies {
  readonly request: ReturnType<typeof createRequestRefund>;
  readonly clock: Clock;
}

/** The values of the 202 response: the same for each request with one key. */
export type RequestRefundResult = Pick<Refund, 'refundId' | 'paymentId' | 'amount' | 'currency'> & {
  readonly replayed: boolean;
};

/** Requests one refund of the buyer's own payment, at most once per idempotency key. */
export const requestRefund =
  ({ request, clock }: Dependencies) =>
  async ({
    buyer,
    paymentId,
    key,
    body,
    ...rest
  }: RefundPaymentRequest): Promise<RequestRefundResult> => {
    const { refund, replayed } = await request(
      {
        refundId: deriveRefundId(buyer, paymentId, key),
        userId: buyer,
        paymentId,
        selection: selectionOf(body),
        reason: body.reason,
        requestHash: requestHashOf(body),
        by: 'request-refund',
        ...rest,
      },
      clock.now(),
    );
    const { refundId, amount, currency } = refund;

    return { refundId, paymentId, amount, currency, replayed };
  };

/** 202. The response is the same for each request with one key, whatever happened to the refund since. */
export const toRequestedRefundResponse = (
  refund: Omit<RequestRefundResult, 'replayed'>,
): HttpResponse => {
  const { refundId, paymentId } = refund;

  return {
    status: 202,
    headers: {
      location: refundLinks(refund).self,
    },
    body: { ...refund, status: 'REQUESTED' } satisfies RequestedRefundBody,
    ids: { refundId, paymentId },
  };
};
