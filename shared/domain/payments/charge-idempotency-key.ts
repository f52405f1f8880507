import type { Payment } from './payment.ts';

/**
 * The gateway's idempotency key of a charge. A charge that was not sent keeps its attempt, and so its key.
 */
export const chargeIdempotencyKeyOf = ({
  paymentId,
  attempt,
}: Pick<Payment, 'paymentId' | 'attempt'>) => `chg:${paymentId}:${attempt}`;

/** Identifies a payment's charge in calls to the gateway. */
export const chargeReferenceOf = (payment: Payment) => ({
  reference: payment.paymentId,
  amount: payment.amount,
  currency: payment.currency,
  key: chargeIdempotencyKeyOf(payment),
  ...(payment.pg && { transactionId: payment.pg.transactionId }),
});
