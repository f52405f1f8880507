import type { createRequestRefund } from '../../shared/application/refunds/request-refund.ts';
import { deriveRefundId, requestHashOf } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/domain/time.ts';
import { selectionOf } from '../../shared/http/refund-request.ts';
import type { RequestRefundResult } from '../../shared/http/requested-refund.ts';
import type { RefundPaymentRequest } from './request.ts';

interface Dependencies {
  readonly request: ReturnType<typeof createRequestRefund>;
  readonly clock: Clock;
  /** How long after the payment completed its buyer may refund it. */
  readonly windowMs: number;
}

/** Requests one refund of the buyer's own payment, at most once per idempotency key. */
export const requestRefund =
  ({ request, clock, windowMs }: Dependencies) =>
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
        buyerWindowMs: windowMs,
        ...rest,
      },
      clock.now(),
    );
    const { refundId, amount, currency } = refund;

    return { refundId, paymentId, amount, currency, replayed };
  };
