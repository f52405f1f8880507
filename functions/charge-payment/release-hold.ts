import { recordTimeToFinalStatus } from '../../shared/application/payments/record-time-to-final-status.ts';
import { releaseCancelled } from '../../shared/domain/payments/cancellation.ts';
import { expireHold, isHoldExpired } from '../../shared/domain/payments/hold-expiry.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { DeferredError } from '../../shared/lambda/message-deferral.ts';
import type { ChargeDependencies } from './dependencies.ts';

const by = 'charge-payment';

/** The payment as it is released instead of charged; undefined if it may be charged. A cancellation has precedence over the hold. */
export const releaseBeforeCharge = (
  { clock, timings }: Pick<ChargeDependencies, 'clock' | 'timings'>,
  payment: Payment,
): Payment | undefined => {
  const at = clock.now();
  if (payment.cancelRequestedAt !== undefined) return releaseCancelled(payment, at, by);

  return isHoldExpired(payment, at, timings) ? expireHold(payment, at, by) : undefined;
};

/** RESERVED -> FAILED, and the payment is not charged. */
export const writeRelease = async (
  { payments }: Pick<ChargeDependencies, 'payments'>,
  payment: Payment,
  released: Payment,
): Promise<Payment> => {
  if (!(await payments.tryUpdate(payment, released))) {
    throw new DeferredError('the payment moved meanwhile', 0);
  }
  recordTimeToFinalStatus(payment, released);

  return released;
};
