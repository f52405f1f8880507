import { releaseCancelled } from '../../shared/domain/cancel.ts';
import type { Payment } from '../../shared/domain/payment.ts';
import { measureDecision } from '../../shared/runtime/decision.ts';
import { Postponed } from '../../shared/runtime/queue-handler.ts';
import type { Dependencies } from './dependencies.ts';

/** Of a payment that its buyer asked to cancel nothing was sent after all: RESERVED -> FAILED, and it is not charged. */
export const giveUp = async (
  { payments, clock }: Pick<Dependencies, 'payments' | 'clock'>,
  payment: Payment,
): Promise<Payment> => {
  const released = releaseCancelled(payment, clock.now(), 'charge-payment');
  if (!(await payments.moved(payment, released))) {
    throw new Postponed('the payment moved meanwhile', 0);
  }
  measureDecision(payment, released);

  return released;
};
