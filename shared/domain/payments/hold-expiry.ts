import type { Timings } from '../timings.ts';
import type { Payment } from './payment.ts';
import { transitionPayment } from './payment-transitions.ts';

/** Whether the payment's reservation has waited longer for its charge than allowed. */
export const isHoldExpired = (
  { createdAt }: Pick<Payment, 'createdAt'>,
  at: Date,
  { holdExpiryMs }: Pick<Timings, 'holdExpiryMs'>,
): boolean => at.getTime() >= Date.parse(createdAt) + holdExpiryMs;

/**
 * RESERVED -> FAILED, `hold-expired`. The gateway has no charge of a RESERVED payment: a charger claims
 * before it sends, and returns the claim only if the charge was provably not sent.
 */
export const expireHold = (payment: Payment, at: Date, by: string): Payment => {
  const reason = 'The payment could not be charged in time.';
  const evidence = `RESERVED since ${payment.updatedAt}, attempt ${payment.attempt}: nothing was sent to the gateway.`;

  return transitionPayment(payment, 'holdReleased', {
    at,
    by,
    detail: 'the hold expired',
    change: { failure: { code: 'hold-expired', reason, evidence } },
  });
};
