import type { Timings } from '../timings.ts';
import type { Payment } from './payment.ts';
import { transitionPayment } from './payment-transitions.ts';

/** Whether a payment has been holding money and stock for longer than a reservation may wait for its charge. */
export const isHoldExpired = (
  { createdAt }: Pick<Payment, 'createdAt'>,
  at: Date,
  { holdExpiryMs }: Pick<Timings, 'holdExpiryMs'>,
): boolean => at.getTime() >= Date.parse(createdAt) + holdExpiryMs;

/**
 * RESERVED -> FAILED, `hold-expired`. Nothing of it is at the PG: whoever claims sends, and whoever could provably not send gives the
 * claim back. So it applies after unsent tries, too, and to a payment that its coupon covers.
 */
export const expireHold = (payment: Payment, at: Date, by: string): Payment => {
  const reason = 'It could not be charged in time.';
  const evidence = `RESERVED since ${payment.updatedAt}, attempt ${payment.attempt}: nothing was sent to the PG.`;

  return transitionPayment(payment, 'holdReleased', {
    at,
    by,
    detail: 'the hold expired',
    change: { failure: { code: 'hold-expired', reason, evidence } },
  });
};
