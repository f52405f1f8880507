import type { RequestInquiry } from '../../shared/application/payments/request-inquiry.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { paymentBody } from '../../shared/http/payment-body.ts';
import {
  type ApiEvent,
  operatorOf,
  parseBody,
  parsePathParameter,
} from '../../shared/http/request.ts';
import { type AuditLog, auditActorOf } from '../../shared/persistence/audit-log.ts';
import {
  getPaymentForOperator,
  type PaymentRepository,
} from '../../shared/persistence/payment-repository.ts';
import type { RequestedInquiryBody } from './operation.ts';
import { requestInquirySchema } from './request.ts';

interface Dependencies {
  readonly payments: Pick<PaymentRepository, 'find'>;
  readonly audits: Pick<AuditLog, 'append'>;
  readonly request: RequestInquiry;
  readonly clock: Clock;
}

/**
 * Requests an inquiry about a payment. `inquiryRequested` is false if nothing of it was ever sent to the
 * gateway. The audit entry is stored before the request is sent.
 */
export const requestInquiry =
  ({ payments, audits, request, clock }: Dependencies) =>
  async (event: ApiEvent): Promise<HttpResponse> => {
    const operator = operatorOf(event);
    const paymentId = parsePathParameter(event, 'paymentId');
    const { reason } = parseBody(requestInquirySchema, event);
    const payment = await getPaymentForOperator(payments, paymentId);
    const { orderId, userId, status, version } = payment;
    await audits.append({
      at: clock.now().toISOString(),
      ...auditActorOf(operator),
      reason,
      action: 'inquire',
      subject: paymentId,
      detail: { orderId, userId, status, version },
    });
    const inquiryRequested = await request(payment);

    return {
      status: 202,
      headers: { 'retry-after': '1' },
      body: { ...paymentBody(payment), inquiryRequested } satisfies RequestedInquiryBody,
      ids: {
        paymentId,
        orderId,
        operator: operator.sub,
        inquiryRequested: `${inquiryRequested}`,
      },
    };
  };
