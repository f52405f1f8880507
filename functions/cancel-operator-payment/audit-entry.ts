import type { CancellationWrite } from '../../shared/application/payments/cancel-payment.ts';
import type { OperatorIdentity } from '../../shared/domain/operator.ts';
import { type AuditEntry, auditActorOf } from '../../shared/persistence/audit-log.ts';

/** The audit entry of a cancellation, with the state of the payment before and after it. */
export const cancellationAuditOf = (
  operator: OperatorIdentity,
  reason: string,
  { before, after, at: time }: CancellationWrite,
): AuditEntry => {
  const { paymentId, orderId, userId, amount, currency, status, version } = before;
  const at = time.toISOString();

  return {
    at,
    ...auditActorOf(operator),
    reason,
    action: 'cancel',
    subject: paymentId,
    detail: {
      ...{ orderId, userId, amount, currency },
      before: { status, version },
      after: after
        ? { status: after.status, version: after.version }
        : { status, version, cancelRequestedAt: at },
    },
  };
};
