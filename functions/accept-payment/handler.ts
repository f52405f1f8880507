import type { acceptIn } from '../../shared/application/payments/accept-payment.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import { paymentIdOf, requestHashOf } from '../../shared/domain/ids.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { AcceptRequest } from './request.ts';

interface Dependencies {
  readonly accept: ReturnType<typeof acceptIn>;
  readonly clock: Clock;
  readonly unclaimedAfterMs: number;
}

/** What the buyer is answered, now and whenever the same key comes again. */
export type AcceptOutcome = Pick<Payment, 'paymentId' | 'orderId' | 'amount' | 'currency'> & {
  readonly replayed: boolean;
};

/** Accepts one payment of an order, at most once for each key of a buyer. */
export const acceptPayment =
  ({ accept, clock, unclaimedAfterMs }: Dependencies) =>
  async ({ buyer, key, body, traceparent }: AcceptRequest): Promise<AcceptOutcome> => {
    const wish = {
      ...body,
      paymentId: paymentIdOf(buyer, key),
      userId: buyer,
      requestHash: requestHashOf(body),
      traceparent,
    };
    const { payment, replayed } = await accept(wish, clock.now(), unclaimedAfterMs);
    const { paymentId, orderId, amount, currency } = payment;

    return { paymentId, orderId, amount, currency, replayed };
  };
