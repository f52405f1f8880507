import type { createRequestRefund } from '../../shared/application/refunds/request-refund.ts';
import { deriveOperatorRefundId } from '../../shared/domain/ids.ts';
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
        alsoWrite: ({ payment, refund: { refundId, orderId, amount, currency, lines } }) =>
          audits.appendWrite({
            at: at.toISOString(),
            ...auditActorOf(operator),
            reason: body.reason,
            action: 'refund',
            subject: refundId,
            detail: {
              ...{ paymentId, orderId, userId, amount, currency, lines },
              ...{ refunded: payment.refunded, refundPending: payment.refundPending },
            },
          }),
      },
      at,
    );

    return requestRefundResultOf(opened);
  };
