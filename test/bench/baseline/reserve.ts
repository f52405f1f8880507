import type { AcceptPaymentRequest } from '../../../functions/accept-payment/request.ts';
import type { createAcceptPayment } from '../../../shared/application/payments/accept-payment.ts';
import { RejectionError } from '../../../shared/domain/errors.ts';
import { derivePaymentId, requestHashOf } from '../../../shared/domain/ids.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../shared/domain/payments/payment-transitions.ts';
import type { Clock } from '../../../shared/domain/time.ts';
import type { PaymentRepository } from '../../../shared/persistence/payment-repository.ts';
import type { Compensate } from './compensate.ts';

/** The function that moves a payment, as its journal names it. */
export const actor = 'checkout';

interface Dependencies {
  readonly payments: Pick<PaymentRepository, 'getOrThrow'>;
  readonly accept: ReturnType<typeof createAcceptPayment>;
  readonly compensate: Compensate;
  readonly clock: Clock;
}

export type Reserve = (request: AcceptPaymentRequest) => Promise<Payment>;

/**
 * The first transaction of the checkout: order read, balance and stock taken, payment stored, under the same conditions and refusals as
 * accept-payment. A refusal that is stored releases its order at once, for nobody comes later to do it.
 *
 * A key that was seen before gives its payment again, RESERVED where nobody knows how its first request ended.
 */
export const createReserve =
  ({ payments, accept, compensate, clock }: Dependencies): Reserve =>
  async ({ buyer, key, body, traceparent }) => {
    const paymentId = derivePaymentId(buyer, key);
    const requestHash = requestHashOf(body);
    const command = { ...body, paymentId, userId: buyer, requestHash, traceparent };

    try {
      return (await accept(command, clock.now(), 0)).payment;
    } catch (error) {
      if (isRejectionOf(error, paymentId)) await compensate(await payments.getOrThrow(paymentId));
      throw error;
    }
  };

/** A want of balance or stock names the payment that it was stored with; another payment under way names that one. */
const isRejectionOf = (error: unknown, paymentId: string) =>
  error instanceof RejectionError && error.data.paymentId === paymentId;

/** The payment as the one charge that it gets is about to be made: an attempt is part of the PG's key. */
export const claimForCharge = (reserved: Payment, at: Date): Payment =>
  transitionPayment(reserved, 'claimed', { at, by: actor, change: { attempt: 1 } });
