import type { Timings } from '../timings.ts';
import type { OwnFailureCode } from './buyer-failure.ts';
import type { Failure, Payment, PaymentStatus } from './payment.ts';
import { type TransitionInput, transitionPayment } from './payment-transitions.ts';

/** When the payment's hold ends: by then it must be charged. Milliseconds since the epoch. */
export const holdEndMs = (
  { createdAt }: Pick<Payment, 'createdAt'>,
  { holdExpiryMs }: Pick<Timings, 'holdExpiryMs'>,
): number => Date.parse(createdAt) + holdExpiryMs;

/** The same as ISO 8601. */
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
 * RESERVED or REQUIRES_METHOD -> FAILED. The gateway has no charge of such a payment: a charger claims before it
 * sends, and returns the claim only if the charge was provably not sent or is conclusively declined.
 */
const releaseHold = (
  payment: Payment,
  { failure, cancelReason, ...context }: HoldRelease,
): Payment => {
  const { status, version, updatedAt, attempt } = payment;
  const earlier = attempt > 1 ? ' The gateway declined each earlier attempt.' : '';
  const evidence = `${status} in version ${version} since ${updatedAt}, attempt ${attempt}: nothing was sent to the gateway.${earlier}`;

  return transitionPayment(payment, 'holdReleased', {
    ...context,
    change: {
      failure: { ...failure, evidence },
      ...(cancelReason !== undefined && { cancelReason }),
    },
  });
};

const holdExpired = {
  code: 'hold-expired' satisfies OwnFailureCode,
  reason: 'The payment could not be charged in time.',
};

const notConfirmed = {
  code: 'not-confirmed-in-time' satisfies OwnFailureCode,
  reason: 'No payment method was provided in time.',
};

/** Releases the hold of a payment that was not charged, or whose buyer provided no payment method, in time. */
export const expireHold = (payment: Payment, at: Date, by: string): Payment =>
  releaseHold(payment, {
    at,
    by,
    detail: 'the hold expired',
    failure: payment.status === 'REQUIRES_METHOD' ? notConfirmed : holdExpired,
  });

/** Statuses in which the gateway has no charge, so that the hold can be released immediately. */
export const releasableStatuses: readonly PaymentStatus[] = ['RESERVED', 'REQUIRES_METHOD'];

/**
 * The payment whose hold is over, released; undefined if the hold goes on. A cancellation has precedence over an
 * expired hold.
 */
export const releaseEndedHold = (
  payment: Payment,
  at: Date,
  by: string,
  timings: Pick<Timings, 'holdExpiryMs'>,
): Payment | undefined => {
  if (payment.cancelRequestedAt !== undefined) return releaseCancelled(payment, at, by);

  return isHoldExpired(payment, at, timings) ? expireHold(payment, at, by) : undefined;
};

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
): Payment =>
  releaseHold(payment, {
    at,
    by,
    detail: `cancelled by the ${cancellerOf(payment)}${cancelReason === undefined ? '' : `: ${cancelReason}`}`,
    failure: cancellationFailureOf(payment),
    cancelReason,
  });
