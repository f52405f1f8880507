import type { Timings } from '../timings.ts';
import type { OwnFailureCode } from './buyer-failure.ts';
import type { Failure, Payment } from './payment.ts';
import { type TransitionInput, transitionPayment } from './payment-transitions.ts';

/** Whether the payment's reservation has waited longer for its charge than allowed. */
export const isHoldExpired = (
  { createdAt }: Pick<Payment, 'createdAt'>,
  at: Date,
  { holdExpiryMs }: Pick<Timings, 'holdExpiryMs'>,
): boolean => at.getTime() >= Date.parse(createdAt) + holdExpiryMs;

interface HoldRelease extends Pick<TransitionInput, 'at' | 'by' | 'detail'> {
  readonly failure: Pick<Failure, 'code' | 'reason'>;
  readonly cancelReason?: string | undefined;
}

/**
 * RESERVED -> FAILED. The gateway has no charge of a RESERVED payment: a charger claims before it sends, and
 * returns the claim only if the charge was provably not sent.
 */
const releaseHold = (
  payment: Payment,
  { failure, cancelReason, ...context }: HoldRelease,
): Payment => {
  const { version, updatedAt, attempt } = payment;
  const evidence = `RESERVED in version ${version} since ${updatedAt}, attempt ${attempt}: nothing was sent to the gateway.`;

  return transitionPayment(payment, 'holdReleased', {
    ...context,
    change: {
      failure: { ...failure, evidence },
      ...(cancelReason !== undefined && { cancelReason }),
    },
  });
};

/** Releases the hold of a payment that was not charged in time. */
export const expireHold = (payment: Payment, at: Date, by: string): Payment =>
  releaseHold(payment, {
    at,
    by,
    detail: 'the hold expired',
    failure: {
      code: 'hold-expired' satisfies OwnFailureCode,
      reason: 'The payment could not be charged in time.',
    },
  });

export const cancellationCode = 'cancelled-by-buyer' satisfies OwnFailureCode;

/** Releases the hold of a payment that the buyer cancelled. */
export const releaseCancelled = (
  payment: Payment,
  at: Date,
  by: string,
  cancelReason?: string,
): Payment =>
  releaseHold(payment, {
    at,
    by,
    detail: `cancelled by the buyer${cancelReason === undefined ? '' : `: ${cancelReason}`}`,
    failure: { code: cancellationCode, reason: 'The buyer cancelled the payment.' },
    cancelReason,
  });
