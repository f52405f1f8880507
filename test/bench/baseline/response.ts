import { buyerStatus } from '../../../shared/domain/payments/buyer-status.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { HttpResponse } from '../../../shared/http/http-response.ts';

/** The response to the buyer, also for a repeated key: as small as the stored result of accept-payment. */
export const outcomeOf = (payment: Payment) => {
  const { paymentId, orderId, amount, currency, failure } = payment;
  const { code, reason } = failure ?? {};

  return {
    paymentId,
    orderId,
    status: buyerStatus(payment),
    amount,
    currency,
    ...(failure && { failure: { code, reason } }),
  };
};

export type Outcome = ReturnType<typeof outcomeOf>;

/** 200: the payment has its final status when the buyer gets the response. */
export const toFinalResponse = (outcome: Outcome): HttpResponse => ({
  status: 200,
  body: outcome,
  ids: { paymentId: outcome.paymentId, orderId: outcome.orderId },
});
