import { bounds, byteLength } from '../../domain/bounds.ts';
import { canTryAgain, nextAttemptChange } from '../../domain/payments/another-attempt.ts';
import { actionExpiryOf } from '../../domain/payments/buyer-action.ts';
import { declineReasons, type OwnFailureCode } from '../../domain/payments/buyer-failure.ts';
import type { Payment, PaymentChange, PaymentHistoryEntry } from '../../domain/payments/payment.ts';
import type { PaymentTransitionName } from '../../domain/payments/payment-transitions.ts';
import type { Timings } from '../../domain/timings.ts';
import { describeAmounts } from '../../gateway/captured-amounts.ts';
import type {
  Approved,
  ChargeOutcome,
  DeclinedCharge,
  RequiresAction,
} from '../../gateway/payment-gateway.ts';

/** The transition that follows from the gateway's response, and the evidence to store with it. */
export interface TransitionDecision {
  readonly transition: PaymentTransitionName;
  readonly detail: string;
  readonly change?: PaymentChange;
  /** The gateway calls that led to it. */
  readonly gatewayCalls?: PaymentHistoryEntry['gatewayCalls'];
  /** The request behind an immediate inquiry. */
  readonly trigger?: PaymentHistoryEntry['trigger'];
}

/** The outcome of a payment without a part for the gateway: approved without a gateway call. */
export const zeroAmountApproval = (at: Date): Approved => ({
  outcome: 'approved',
  transactionId: 'nothing-to-charge',
  approvedAt: at.toISOString(),
});

/**
 * The reason for a refund at the gateway is unknown, so an operator must decide before goods or money move.
 */
const reviewGatewayRefund = (approved: Approved): TransitionDecision => {
  const { transactionId, approvedAt } = approved;
  const observation = `${transactionId}: ${describeAmounts(approved)}`;

  return {
    transition: 'reviewOpened',
    detail: `approved, but refunded at the gateway: ${observation}`,
    change: {
      pg: { transactionId, approvedAt },
      failure: {
        code: 'refunded-at-gateway' satisfies OwnFailureCode,
        reason: 'The charge was refunded at the payment gateway, and not by this service.',
        evidence: observation,
      },
    },
  };
};

/**
 * The payment waits until the limit for its buyer; then the inquirer ends the charge. An address that is too long
 * is useless if truncated, so the outcome is then unknown.
 */
const waitForBuyer = (
  { url, expiresAt: gatewayLimit, transactionId }: RequiresAction,
  payment: Payment,
  timings: DecisionTimings,
): TransitionDecision => {
  if (byteLength(url) > bounds.actionUrlBytes) {
    return {
      transition: 'outcomeUnknown',
      detail: `the gateway's page for the buyer has an address of ${byteLength(url)} bytes`,
    };
  }
  const expiresAt = actionExpiryOf(payment, gatewayLimit, timings);

  return {
    transition: 'actionRequired',
    detail: `the gateway waits for the buyer until ${expiresAt}`,
    change: {
      action: { url, expiresAt, ...(transactionId !== undefined && { transactionId }) },
      dueAt: expiresAt,
    },
  };
};

/** The payment fails, or waits for another payment method. */
const decline = (
  { code, buyerCode, reason }: DeclinedCharge,
  payment: Payment,
  at: Date,
  timings: DecisionTimings,
): TransitionDecision => {
  const isKept = canTryAgain(payment, at, timings);

  return {
    transition: isKept ? 'declinedKept' : 'declined',
    detail: `declined: ${code} (${reason})`,
    change: {
      ...(isKept && nextAttemptChange(payment, timings)),
      failure: {
        code: buyerCode,
        reason: declineReasons[buyerCode],
        evidence: `The gateway declined attempt ${payment.attempt} with the documented code ${code}: ${reason}`,
      },
    },
  };
};

type DecisionTimings = Pick<Timings, 'actionExpiryMs' | 'holdExpiryMs'>;

/**
 * Maps the gateway outcome of a payment's charge to a transition. Only a documented decline is final; an
 * inconclusive outcome keeps the money held.
 */
export const decideTransition = (
  outcome: ChargeOutcome,
  payment: Payment,
  at: Date,
  timings: DecisionTimings,
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
      return decline(outcome, payment, at, timings);
    case 'not-sent':
      return { transition: 'chargeNotSent', detail: `not sent: ${outcome.reason}` };
    case 'in-progress':
      return { transition: 'outcomeUnknown', detail: 'still in progress at the gateway' };
    case 'requires-action':
      return waitForBuyer(outcome, payment, timings);
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
        detail: `approved with differences: ${observation}`,
        change: {
          failure: {
            code: 'pg-mismatch' satisfies OwnFailureCode,
            reason: 'The gateway approved a charge that differs from the request.',
            evidence: `${transactionId}: ${observation}`,
          },
        },
      };
    }
  }
};
