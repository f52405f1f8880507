import type { RequestInquiry } from '../../shared/application/payments/request-inquiry.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { paymentBody } from '../../shared/http/payment-body.ts';
import {
  type ApiEvent,
  emptyBodySchema,
  operatorOf,
  parseOptionalBody,
  parsePathParameter,
} from '../../shared/http/request.ts';
import {
  getPaymentForOperator,
  type PaymentRepository,
} from '../../shared/persistence/payment-repository.ts';
import type { RequestedInquiryBody } from './operation.ts';

interface Dependencies {
  readonly payments: Pick<PaymentRepository, 'find'>;
  readonly request: RequestInquiry;
}

/**
 * Requests an inquiry about a payment. `inquiryRequested` is false if nothing of it was ever sent to the
 * gateway.
 */
export const requestInquiry =
  ({ payments, request }: Dependencies) =>
  async (event: ApiEvent): Promise<HttpResponse> => {
    const { sub: operator } = operatorOf(event);
    const paymentId = parsePathParameter(event, 'paymentId');
    parseOptionalBody(emptyBodySchema, event);
    const payment = await getPaymentForOperator(payments, paymentId);
    const inquiryRequested = await request(payment);

    return {
      status: 202,
      headers: { 'retry-after': '1' },
      body: { ...paymentBody(payment), inquiryRequested } satisfies RequestedInquiryBody,
      ids: {
        paymentId,
        orderId: payment.orderId,
        operator,
        inquiryRequested: `${inquiryRequested}`,
      },
    };
  };
