import type { Dispute, Payment } from './payment.ts';
import { canTransition, type TransitionInput, transitionPayment } from './payment-transitions.ts';

type Step = Pick<TransitionInput, 'at' | 'by'>;

/** A dispute as the gateway states it now. Amount in minor units of the payment's currency. */
export type ObservedDispute = Omit<Dispute, 'openedAt' | 'closedAt'>;

/**
 * The completed payment with a dispute that the gateway states; undefined if the payment has it already. One
 * that was opened and closed between two inquiries takes two steps, so that each has its event.
 */
export const withDispute = (
  payment: Payment,
  observed: ObservedDispute,
  step: Step,
): Payment | undefined => {
  if (!canTransition(payment, 'disputed')) return undefined;
  const { id, amount, status } = observed;
  const { currency, dispute } = payment;
  const at = step.at.toISOString();
  if (dispute?.id !== id) {
    return transitionPayment(payment, 'disputed', {
      ...step,
      detail: `dispute ${id} of ${amount} ${currency} opened at the gateway`,
      change: { dispute: { id, amount, status: 'open', openedAt: at } },
    });
  }
  // A decided dispute is not opened again: the gateway gives a new one another id.
  if (status === 'open' || dispute.status === status) return undefined;

  return transitionPayment(payment, 'disputeClosed', {
    ...step,
    detail: `dispute ${id} of ${amount} ${currency} ${status}`,
    change: { dispute: { ...dispute, amount, status, closedAt: at } },
  });
};

/**
 * The completed payment with the amount that was refunded at the gateway without this service and is not booked;
 * undefined if the payment has that amount already.
 */
export const withRefundedElsewhere = (
  payment: Payment,
  amount: number,
  step: Step,
): Payment | undefined =>
  !canTransition(payment, 'refundedElsewhere') || (payment.refundedElsewhere ?? 0) === amount
    ? undefined
    : transitionPayment(payment, 'refundedElsewhere', {
        ...step,
        detail: `${amount} ${payment.currency} refunded at the gateway and not by this service`,
        change: { refundedElsewhere: amount },
      });
