import type { Timings } from '../timings.ts';
import type { OwnFailureCode } from './buyer-failure.ts';
import type { Failure, Payment } from './payment.ts';
import { type TransitionInput, transitionPayment } from './payment-transitions.ts';

const holdEndMs = (
  { createdAt }: Pick<Payment, 'createdAt'>,
  { holdExpiryMs }: Pick<Timings, 'holdExpiryMs'>,
): number => Date.parse(createdAt) + holdExpiryMs;

/** When the payment's hold ends: by then it must be charged. ISO 8601. */
export const holdExpiresAt = (
  payment: Pick<Payment, 'createdAt'>,
  timings: Pick<Timings, 'holdExpiryMs'>,
): string => new Date(holdEndMs(payment, timings)).toISOString();

/** Whether the payment's reservation has waited longer for its charge than allowed. */
export const isHoldExpired = (
  payment: Pick<Payment, 'createdAt'>,
  at: Date,
  timings: Pick<Timings, 'holdExpiryMs'>,
): boolean => at.getTime() >= holdEndMs(payment, timings);

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

const failureByCanceller = {
  buyer: {
    code: 'cancelled-by-buyer' satisfies OwnFailureCode,
    reason: 'The buyer cancelled the payment.',
  },
  merchant: {
    code: 'cancelled-by-merchant' satisfies OwnFailureCode,
    reason: 'The merchant cancelled the payment.',
  },
};

const cancellerOf = ({ operatorCancellation }: Pick<Payment, 'operatorCancellation'>) =>
  operatorCancellation ? 'merchant' : 'buyer';

/** The failure of a payment that its buyer or an operator cancelled before it was charged. */
export const cancellationFailureOf = (
  payment: Pick<Payment, 'operatorCancellation'>,
): Pick<Failure, 'code' | 'reason'> => failureByCanceller[cancellerOf(payment)];

/** Whether the payment failed because of a cancellation. */
export const hasFailedByCancellation = ({ failure }: Pick<Payment, 'failure'>): boolean =>
  Object.values(failureByCanceller).some(({ code }) => code === failure?.code);

/** Releases the hold of a payment that its buyer or an operator cancelled. */
export const releaseCancelled = (
  payment: Payment,
  at: Date,
  by: string,
  cancelReason?: string,
): Payment => {
  return releaseHold(payment, {
    at,
    by,
    detail: `cancelled by the ${cancellerOf(payment)}${cancelReason === undefined ? '' : `: ${cancelReason}`}`,
    failure: cancellationFailureOf(payment),
    cancelReason,
  });
};
