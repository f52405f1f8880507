import type { AcceptPaymentRequest } from '../../../functions/accept-payment/request.ts';
import type { createAcceptPayment } from '../../../shared/application/payments/accept-payment.ts';
import { derivePaymentId, requestHashOf } from '../../../shared/domain/ids.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../shared/domain/payments/payment-transitions.ts';
import type { Clock } from '../../../shared/domain/time.ts';

/** The function name in the history of a payment. */
export const actor = 'checkout';

interface Dependencies {
  readonly accept: ReturnType<typeof createAcceptPayment>;
  readonly clock: Clock;
}

/** No sweeper runs, so no due time is ever used. */
const timings = { unclaimedTimeoutMs: 0, holdExpiryMs: 0 };

export type Reserve = (request: AcceptPaymentRequest) => Promise<Payment>;

/**
 * The first transaction of the checkout: reads the order, holds balance and stock, stores the payment, with
 * the conditions and rejections of accept-payment.
 *
 * A repeated key returns its payment, which is RESERVED if the outcome of the first request is not known.
 */
export const createReserve =
  ({ accept, clock }: Dependencies): Reserve =>
  async ({ buyer, key, body, traceparent }) => {
    const paymentId = derivePaymentId(buyer, key);
    const requestHash = requestHashOf(body);
    const command = { ...body, paymentId, userId: buyer, requestHash, traceparent };

    return (await accept(command, clock.now(), timings)).payment;
  };

/** The payment before its only charge: the attempt is part of the charge's key. */
export const claimForCharge = (reserved: Payment, at: Date): Payment =>
  transitionPayment(reserved, 'claimed', { at, by: actor, change: { attempt: 1 } });
