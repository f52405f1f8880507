import type { Timings } from '../timings.ts';
import { holdExpiresAt, isHoldExpired } from './hold-release.ts';
import type { Payment, PaymentChange } from './payment.ts';
import { canTransition } from './payment-transitions.ts';

/** How often a payment may be charged, each time with another payment method. */
export const maxAttempts = 5;

/**
 * Whether a payment that the gateway has conclusively declined waits for another payment method: its buyer
 * wants that and has not cancelled it, and its hold and its attempts are not used up.
 */
export const canTryAgain = (
  payment: Payment,
  at: Date,
  timings: Pick<Timings, 'holdExpiryMs'>,
): boolean =>
  payment.onDecline === 'keep' &&
  payment.cancelRequestedAt === undefined &&
  payment.attempt < maxAttempts &&
  !isHoldExpired(payment, at, timings) &&
  canTransition(payment, 'declinedKept');

/** The next attempt has its own number, and so its own reference and key at the gateway, and its own inquiries. */
export const nextAttemptChange = (
  payment: Payment,
  timings: Pick<Timings, 'holdExpiryMs'>,
): PaymentChange => ({
  attempt: payment.attempt + 1,
  inquiryCount: 0,
  dueAt: holdExpiresAt(payment, timings),
});

/** A change of nextAttemptChange for a payment that fails instead. */
export const withoutNextAttempt = ({
  attempt,
  inquiryCount,
  dueAt,
  ...change
}: PaymentChange): PaymentChange => change;
