import { measureDecision } from '../../shared/application/payments/record-time-to-final-status.ts';
import { releaseCancelled } from '../../shared/domain/payments/cancellation.ts';
import { isHoldExpired, releaseExpired } from '../../shared/domain/payments/hold-expiry.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { Postponed } from '../../shared/lambda/sqs-handler.ts';
import type { Dependencies } from './dependencies.ts';

const by = 'charge-payment';

/** The payment as it is released instead of charged; undefined if it may be charged. A cancellation has precedence over the hold. */
export const releasedOf = (
  { clock, timings }: Pick<Dependencies, 'clock' | 'timings'>,
  payment: Payment,
): Payment | undefined => {
  const at = clock.now();
  if (payment.cancelRequestedAt !== undefined) return releaseCancelled(payment, at, by);

  return isHoldExpired(payment, at, timings) ? releaseExpired(payment, at, by) : undefined;
};

/** RESERVED -> FAILED, and the payment is not charged. */
export const release = async (
  { payments }: Pick<Dependencies, 'payments'>,
  payment: Payment,
  released: Payment,
): Promise<Payment> => {
  if (!(await payments.moved(payment, released))) {
    throw new Postponed('the payment moved meanwhile', 0);
  }
  measureDecision(payment, released);

  return released;
};
