import type { AcceptRequest } from '../../../functions/accept-payment/request.ts';
import type { acceptIn } from '../../../shared/application/payments/accept-payment.ts';
import type { Clock } from '../../../shared/domain/clock.ts';
import { Refusal } from '../../../shared/domain/errors.ts';
import { paymentIdOf, requestHashOf } from '../../../shared/domain/ids.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { advance } from '../../../shared/domain/payments/payment-transitions.ts';
import type { Payments } from '../../../shared/persistence/payment-repository.ts';
import type { GiveBack } from './compensate.ts';

/** The function that moves a payment, as its journal names it. */
export const by = 'checkout';

interface Dependencies {
  readonly payments: Pick<Payments, 'existing'>;
  readonly accept: ReturnType<typeof acceptIn>;
  readonly giveBack: GiveBack;
  readonly clock: Clock;
}

export type Reserve = (request: AcceptRequest) => Promise<Payment>;

/**
 * The first transaction of the checkout: order read, balance and stock taken, payment stored, under the same conditions and refusals as
 * accept-payment. A refusal that is stored releases its order at once, for nobody comes later to do it.
 *
 * A key that was seen before gives its payment again, RESERVED where nobody knows how its first request ended.
 */
export const reserveFor =
  ({ payments, accept, giveBack, clock }: Dependencies): Reserve =>
  async ({ buyer, key, body, traceparent }) => {
    const paymentId = paymentIdOf(buyer, key);
    const requestHash = requestHashOf(body);
    const wish = { ...body, paymentId, userId: buyer, requestHash, traceparent };

    try {
      return (await accept(wish, clock.now(), 0)).payment;
    } catch (error) {
      if (isOfThisPayment(error, paymentId)) await giveBack(await payments.existing(paymentId));
      throw error;
    }
  };

/** A want of balance or stock names the payment that it was stored with; another payment under way names that one. */
const isOfThisPayment = (error: unknown, paymentId: string) =>
  error instanceof Refusal && error.data.paymentId === paymentId;

/** The payment as the one charge that it gets is about to be made: an attempt is part of the PG's key. */
export const beingCharged = (reserved: Payment, at: Date): Payment =>
  advance(reserved, 'claimed', { at, by, change: { attempt: 1 } });
