import type { Payment } from './payment.ts';

/** The PG's key of a payment's charge. The attempt outlives what was not sent, and with it the key. */
export const chargeIdempotencyKeyOf = ({
  paymentId,
  attempt,
}: Pick<Payment, 'paymentId' | 'attempt'>) => `chg:${paymentId}:${attempt}`;

/** A payment's charge as the PG is asked about it. */
export const chargeReferenceOf = (payment: Payment) => ({
  reference: payment.paymentId,
  amount: payment.amount,
  currency: payment.currency,
  key: chargeIdempotencyKeyOf(payment),
  ...(payment.pg && { transactionId: payment.pg.transactionId }),
});
