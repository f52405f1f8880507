import type { createAcceptPayment } from '../../shared/application/payments/accept-payment.ts';
import { derivePaymentId, requestHashOf } from '../../shared/domain/ids.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { paymentLinks } from '../../shared/http/payment-body.ts';
import type { AcceptedBody } from './operation.ts';
import type { AcceptPaymentRequest } from './request.ts';

interface Dependencies {
  readonly accept: ReturnType<typeof createAcceptPayment>;
  readonly clock: Clock;
  readonly unclaimedTimeoutMs: number;
}

/** The values of the 202 response: the same for each request with one key. */
export type AcceptPaymentResult = Pick<Payment, 'paymentId' | 'orderId' | 'amount' | 'currency'> & {
  readonly replayed: boolean;
};

/** Accepts one payment of an order, at most once per idempotency key of a buyer. */
export const acceptPayment =
  ({ accept, clock, unclaimedTimeoutMs }: Dependencies) =>
  async ({ buyer, key, body, traceparent }: AcceptPaymentRequest): Promise<AcceptPaymentResult> => {
    const command = {
      ...body,
      paymentId: derivePaymentId(buyer, key),
      userId: buyer,
      requestHash: requestHashOf(body),
      traceparent,
    };
    const { payment, replayed } = await accept(command, clock.now(), unclaimedTimeoutMs);
    const { paymentId, orderId, amount, currency } = payment;

    return { paymentId, orderId, amount, currency, replayed };
  };

/** 202. The response is the same for each request with one key, whatever happened to the payment since. */
export const toAcceptedResponse = (
  payment: Omit<AcceptPaymentResult, 'replayed'>,
): HttpResponse => {
  const links = paymentLinks(payment.paymentId);

  return {
    status: 202,
    headers: {
      location: links.self,
      'retry-after': '1',
    },
    body: {
      ...payment,
      status: 'PENDING',
      links,
    } satisfies AcceptedBody,
    ids: { paymentId: payment.paymentId, orderId: payment.orderId },
  };
};
