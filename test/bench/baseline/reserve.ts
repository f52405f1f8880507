import type { AcceptPaymentRequest } from '../../../functions/accept-payment/request.ts';
import type { createAcceptPayment } from '../../../shared/application/payments/accept-payment.ts';
import { RejectionError } from '../../../shared/domain/errors.ts';
import { derivePaymentId, requestHashOf } from '../../../shared/domain/ids.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../shared/domain/payments/payment-transitions.ts';
import type { Clock } from '../../../shared/domain/time.ts';
import type { PaymentRepository } from '../../../shared/persistence/payment-repository.ts';
import type { Compensate } from './compensate.ts';

/** The function name in the history of a payment. */
export const actor = 'checkout';

interface Dependencies {
  readonly payments: Pick<PaymentRepository, 'getOrThrow'>;
  readonly accept: ReturnType<typeof createAcceptPayment>;
  readonly compensate: Compensate;
  readonly clock: Clock;
}

/** No sweeper runs, so no due time is ever used. */
const timings = { unclaimedTimeoutMs: 0, holdExpiryMs: 0 };

export type Reserve = (request: AcceptPaymentRequest) => Promise<Payment>;

/**
 * The first transaction of the checkout: reads the order, holds balance and stock, stores the payment, with
 * the conditions and rejections of accept-payment. A stored rejection releases its order immediately, because
 * no consumer does it later.
 *
 * A repeated key returns its payment, which is RESERVED if the outcome of the first request is not known.
 */
export const createReserve =
  ({ payments, accept, compensate, clock }: Dependencies): Reserve =>
  async ({ buyer, key, body, traceparent }) => {
    const paymentId = derivePaymentId(buyer, key);
    const requestHash = requestHashOf(body);
    const command = { ...body, paymentId, userId: buyer, requestHash, traceparent };

    try {
      return (await accept(command, clock.now(), timings)).payment;
    } catch (error) {
      if (isRejectionOf(error, paymentId)) await compensate(await payments.getOrThrow(paymentId));
      throw error;
    }
  };

/**
 * Insufficient balance or stock names the payment that was stored with it; a payment in progress names that
 * one.
 */
const isRejectionOf = (error: unknown, paymentId: string) =>
  error instanceof RejectionError && error.data.paymentId === paymentId;

/** The payment before its only charge: the attempt is part of the charge's key. */
export const claimForCharge = (reserved: Payment, at: Date): Payment =>
  transitionPayment(reserved, 'claimed', { at, by: actor, change: { attempt: 1 } });
