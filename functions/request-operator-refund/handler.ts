import type { createRequestRefund } from '../../shared/application/refunds/request-refund.ts';
import { deriveOperatorRefundId } from '../../shared/domain/ids.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import type { Clock } from '../../shared/domain/time.ts';
import { refundCommandOf } from '../../shared/http/refund-request.ts';
import {
  type RequestRefundResult,
  requestRefundResultOf,
} from '../../shared/http/requested-refund.ts';
import { type AuditLog, auditActorOf } from '../../shared/persistence/audit-log.ts';
import {
  getPaymentForOperator,
  type PaymentRepository,
} from '../../shared/persistence/payment-repository.ts';
import type { OperatorRefundRequest } from './request.ts';

interface Dependencies {
  readonly payments: Pick<PaymentRepository, 'find'>;
  readonly audits: Pick<AuditLog, 'appendWrite'>;
  readonly request: ReturnType<typeof createRequestRefund>;
  readonly clock: Clock;
}

/**
 * Requests one refund of any payment for its buyer, at most once per idempotency key of the operator. The audit
 * entry is written in the transaction of the refund.
 */
export const requestOperatorRefund =
  ({ payments, audits, request, clock }: Dependencies) =>
  async ({
    operator,
    paymentId,
    key,
    body,
    traceparent,
  }: OperatorRefundRequest): Promise<RequestRefundResult> => {
    const { userId } = await getPaymentForOperator(payments, paymentId);
    const at = clock.now();
    const opened = await request(
      {
        refundId: deriveOperatorRefundId(operator.sub, paymentId, key),
        userId,
        paymentId,
        ...refundCommandOf(body),
        requestedBy: operator,
        by: 'request-operator-refund',
        traceparent,
        alsoWrite: ({ payment, refund }) =>
          audits.appendWrite({
            at: at.toISOString(),
            ...auditActorOf(operator),
            reason: body.reason,
            action: 'refund',
            subject: refund.refundId,
            detail: auditDetailOf(payment, refund),
          }),
      },
      at,
    );

    return requestRefundResultOf(opened);
  };

/** The refund, and the totals of its payment with it. */
const auditDetailOf = (
  { refunded, refundPending }: Payment,
  { paymentId, orderId, userId, amount, gatewayAmount, currency, lines }: Refund,
) => ({
  ...{ paymentId, orderId, userId, amount, gatewayAmount, currency, lines },
  ...{ refunded, refundPending },
});
