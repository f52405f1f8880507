import type { acceptIn } from '../../shared/data/accept.ts';
import { paymentIdOf, requestHashOf } from '../../shared/data/keys.ts';
import type { Orders } from '../../shared/data/orders.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import { expectTotal } from '../../shared/domain/order.ts';
import type { Payment } from '../../shared/domain/payment.ts';
import type { AcceptRequest } from './request.ts';

interface Dependencies {
  readonly orders: Pick<Orders, 'ownedBy'>;
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
  ({ orders, accept, clock, unclaimedAfterMs }: Dependencies) =>
  async ({ buyer, key, body, traceparent }: AcceptRequest): Promise<AcceptOutcome> => {
    const order = await orders.ownedBy(buyer, body.orderId);
    expectTotal(order, body.expectedAmount);

    const { paymentMethod } = body;
    const paymentId = paymentIdOf(buyer, key);
    const requestHash = requestHashOf(body);
    const request = { paymentId, order, paymentMethod, requestHash, traceparent };
    const { payment, replayed } = await accept(request, clock.now(), unclaimedAfterMs);
    const { orderId, amount, currency } = payment;

    return { paymentId, orderId, amount, currency, replayed };
  };
