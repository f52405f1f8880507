import {
  type CancellationWrite,
  type CancelledPayment,
  cancelPayment,
} from '../../shared/application/payments/cancel-payment.ts';
import type { RequestInquiry } from '../../shared/application/payments/request-inquiry.ts';
import type { Database } from '../../shared/config/platform.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { paymentBody } from '../../shared/http/payment-body.ts';
import type { PaymentBody } from '../../shared/http/schemas/payment.ts';
import type { AuditLog } from '../../shared/persistence/audit-log.ts';
import { tryCommit } from '../../shared/persistence/dynamodb/transaction.ts';
import {
  getPaymentForOperator,
  type PaymentRepository,
} from '../../shared/persistence/payment-repository.ts';
import { cancellationAuditOf } from './audit-entry.ts';
import type { CancelOperatorPaymentRequest } from './request.ts';

interface Dependencies {
  readonly db: Database;
  readonly payments: Pick<PaymentRepository, 'find' | 'updateWrite' | 'cancelRequestWrite'>;
  readonly audits: Pick<AuditLog, 'appendWrite'>;
  readonly inquire: RequestInquiry;
  readonly clock: Clock;
}

interface CancelOperatorPaymentResult extends Pick<CancelledPayment, 'replayed'> {
  readonly payment: PaymentBody;
}

/**
 * Cancels any payment, by the rules of its buyer's own cancellation. The audit entry is written in the
 * transaction of the change; a repeated cancellation changes nothing and has no entry.
 */
export const cancelOperatorPayment =
  ({ db, payments, audits, inquire, clock }: Dependencies) =>
  async ({
    operator,
    paymentId,
    body: { reason },
  }: CancelOperatorPaymentRequest): Promise<CancelOperatorPaymentResult> => {
    const write = (cancellation: CancellationWrite): Promise<boolean> => {
      const { before, after, at, operatorCancellation } = cancellation;
      const paymentWrite =
        after === undefined
          ? payments.cancelRequestWrite(before, { at: at.toISOString(), operatorCancellation })
          : payments.updateWrite(before, after);
      const auditWrite = audits.appendWrite(cancellationAuditOf(operator, reason, cancellation));

      return tryCommit(db, [paymentWrite, auditWrite]);
    };
    const { payment, replayed } = await cancelPayment(paymentId, {
      find: () => getPaymentForOperator(payments, paymentId),
      requestAt: () => {
        const at = clock.now();
        const operatorCancellation = { ...operator, at: at.toISOString(), reason };

        return { at, by: 'cancel-operator-payment', operatorCancellation };
      },
      write,
      inquire,
    });

    return { payment: paymentBody(payment), replayed };
  };

/** 202: a compensation or a refund follows. */
export const toCancelledPaymentResponse = ({
  payment,
}: Omit<CancelOperatorPaymentResult, 'replayed'>): HttpResponse => ({
  status: 202,
  headers: { 'retry-after': '1' },
  body: payment,
  ids: { paymentId: payment.paymentId, orderId: payment.orderId },
});
