import type { Payment } from './payment.ts';

type Attempt = Pick<Payment, 'paymentId' | 'attempt'>;

/**
 * The gateway's idempotency key of a charge. A charge that was not sent keeps its attempt, and so its key.
 */
const chargeIdempotencyKeyOf = ({ paymentId, attempt }: Attempt) => `chg:${paymentId}:${attempt}`;

/**
 * Our reference of an attempt at the gateway: the paymentId, and `{paymentId}-{attempt}` from the second attempt
 * on. An inquiry about one attempt can never be answered by another one.
 */
export const gatewayReferenceOf = ({ paymentId, attempt }: Attempt): string =>
  attempt > 1 ? `${paymentId}-${attempt}` : paymentId;

/** The payment of a reference that a gateway names. */
export const paymentIdOfReference = (reference: string): string => reference.replace(/-[2-9]$/, '');

/** Identifies a payment's charge in calls to the gateway. */
export const chargeReferenceOf = (payment: Payment) => {
  const { paymentMethod } = payment;
  const transactionId = payment.pg?.transactionId ?? payment.action?.transactionId;

  return {
    reference: gatewayReferenceOf(payment),
    amount: payment.gatewayAmount,
    currency: payment.currency,
    key: chargeIdempotencyKeyOf(payment),
    ...(paymentMethod !== undefined && { paymentMethod }),
    ...(transactionId !== undefined && { transactionId }),
  };
};

/** The number of attempts of a payment. */
export const attemptCountOf = ({ attempt, lastAttempt = 0 }: Payment): number =>
  Math.max(attempt, lastAttempt);

/**
 * A payment as it was in each of its other attempts, the latest first. The gateway has declined or cancelled them.
 * If it has captured one all the same, only an inquiry about that attempt shows it.
 */
export const otherAttemptsOf = (payment: Payment): readonly Payment[] => {
  const { paymentMethod, pg, action, ...kept } = payment;
  const count = attemptCountOf(payment);

  return Array.from({ length: count }, (_, index) => ({ ...kept, attempt: count - index })).filter(
    ({ attempt }) => attempt !== payment.attempt,
  );
};
