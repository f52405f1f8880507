import type { createRequestRefund } from '../../shared/application/refunds/request-refund.ts';
import { deriveRefundId } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/domain/time.ts';
import { refundCommandOf } from '../../shared/http/refund-request.ts';
import {
  type RequestRefundResult,
  requestRefundResultOf,
} from '../../shared/http/requested-refund.ts';
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
    traceparent,
  }: RefundPaymentRequest): Promise<RequestRefundResult> =>
    requestRefundResultOf(
      await request(
        {
          refundId: deriveRefundId(buyer, paymentId, key),
          userId: buyer,
          paymentId,
          ...refundCommandOf(body),
          by: 'request-refund',
          buyerWindowMs: windowMs,
          traceparent,
        },
        clock.now(),
      ),
    );
