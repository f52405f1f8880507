import { buyerStatus, type Payment } from '../../../shared/domain/payments/payment.ts';
import type { HttpResponse } from '../../../shared/http/http-response.ts';

/** What the buyer is answered, now and whenever the same key comes again: as small as what accept-payment keeps for a key. */
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

/** 200: when the buyer reads it, it is over. */
export const toFinalResponse = ({
  value,
  replayed,
}: {
  value: Outcome;
  replayed: boolean;
}): HttpResponse => ({
  status: 200,
  headers: { ...(replayed && { 'idempotency-replayed': 'true' }) },
  body: value,
  ids: { paymentId: value.paymentId, orderId: value.orderId },
});
