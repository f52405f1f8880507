import type { Payment, PaymentChange, PaymentHistoryEntry } from '../../domain/payments/payment.ts';
import type { PaymentTransitionName } from '../../domain/payments/payment-transitions.ts';
import { describeAmounts } from '../../gateway/captured-amounts.ts';
import type { Approved, ChargeOutcome } from '../../gateway/payment-gateway.ts';

/** How a payment moves on the PG's answer, and what of the answer is kept as evidence. */
export interface TransitionDecision {
  readonly transition: PaymentTransitionName;
  readonly detail: string;
  readonly change?: PaymentChange;
  /** What the PG was asked for it, and on whose wish if that was out of turn. */
  readonly gatewayCalls?: PaymentHistoryEntry['gatewayCalls'];
  readonly trigger?: PaymentHistoryEntry['trigger'];
}

/** A payment that its coupon covers is paid without asking. */
export const zeroAmountApproval = (at: Date): Approved => ({
  outcome: 'approved',
  transactionId: 'nothing-to-charge',
  approvedAt: at.toISOString(),
});

/** Whoever gave it back had a reason that we do not know: neither goods nor money of it may move until a person has looked. */
const reviewGatewayRefund = (approved: Approved): TransitionDecision => {
  const { transactionId, approvedAt } = approved;
  const observation = `${transactionId}: ${describeAmounts(approved)}`;

  return {
    transition: 'reviewOpened',
    detail: `approved, and given back at the gateway: ${observation}`,
    change: {
      pg: { transactionId, approvedAt },
      failure: {
        code: 'refunded-at-gateway',
        reason: 'The charge was refunded at the payment gateway, and not by this service.',
        evidence: observation,
      },
    },
  };
};

/** What an answer to a charge means. Only a documented refusal is one; whatever is not conclusive leaves the money held. */
export const decideTransition = (
  outcome: ChargeOutcome,
  attempt: Payment['attempt'],
): TransitionDecision => {
  switch (outcome.outcome) {
    case 'approved': {
      const { transactionId, approvedAt, refunded = 0 } = outcome;
      if (refunded > 0) return reviewGatewayRefund(outcome);

      return {
        transition: 'captured',
        detail: `approved as ${transactionId}`,
        change: { pg: { transactionId, approvedAt } },
      };
    }
    case 'declined':
      return {
        transition: 'declined',
        detail: `declined: ${outcome.code}`,
        change: {
          failure: {
            code: outcome.code,
            reason: outcome.reason,
            evidence: `The PG answered attempt ${attempt} with the documented refusal ${outcome.code}.`,
          },
        },
      };
    case 'not-sent':
      return { transition: 'chargeNotSent', detail: `not sent: ${outcome.reason}` };
    case 'in-progress':
      return { transition: 'outcomeUnknown', detail: 'the PG is still working on it' };
    case 'ambiguous':
      return { transition: 'outcomeUnknown', detail: `ambiguous: ${outcome.reason}` };
    case 'mismatch': {
      const { transactionId, differences, refunded = 0 } = outcome;
      const observation = [
        ...differences,
        ...(refunded > 0 ? [describeAmounts(outcome)] : []),
      ].join(', ');

      return {
        transition: 'reviewOpened',
        detail: `approved something else: ${observation}`,
        change: {
          failure: {
            code: 'pg-mismatch',
            reason: 'The PG approved something else than was asked for.',
            evidence: `${transactionId}: ${observation}`,
          },
        },
      };
    }
  }
};
