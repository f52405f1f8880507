import type { createAcceptPayment } from '../../shared/application/payments/accept-payment.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import { derivePaymentId, requestHashOf } from '../../shared/domain/ids.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { AcceptPaymentRequest } from './request.ts';

interface Dependencies {
  readonly accept: ReturnType<typeof createAcceptPayment>;
  readonly clock: Clock;
  readonly unclaimedTimeoutMs: number;
}

/** What the buyer is answered, now and whenever the same key comes again. */
export type AcceptPaymentResult = Pick<Payment, 'paymentId' | 'orderId' | 'amount' | 'currency'> & {
  readonly replayed: boolean;
};

/** Accepts one payment of an order, at most once for each key of a buyer. */
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
