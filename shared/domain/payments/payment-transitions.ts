import { compactHistory, truncateFailure } from '../bounds.ts';
import { canaryExpirationOf } from '../canary.ts';
import { dueShardOf } from '../due-index.ts';
import type { EventName } from '../events/domain-event.ts';
import { createStateMachine, type Transition, type TransitionContext } from '../state-machine.ts';
import { attemptCountOf } from './charge-reference.ts';
import { hasOpenHint, latestHint, needsGatewayComparison } from './inquiry-hint.ts';
import type { Payment, PaymentChange, PaymentHistoryEntry, PaymentStatus } from './payment.ts';
import { needsCancellationRefund } from './refundable.ts';

/** The transition table of a payment. The repository, the tests and docs/states.md use it. */
export const paymentTransitions = {
  accepted: { from: [], to: 'RESERVED', description: 'accept committed', event: 'PaymentReserved' },
  methodRequired: {
    from: [],
    to: 'REQUIRES_METHOD',
    description: 'accept committed without a payment method',
    event: 'PaymentMethodRequired',
  },
  confirmed: {
    from: ['REQUIRES_METHOD'],
    to: 'RESERVED',
    description: 'the buyer provides a payment method',
    event: 'PaymentReserved',
  },
  acceptRejected: {
    from: [],
    to: 'COMPENSATED',
    description: 'accept rejected, nothing reserved; the order is released with it',
    event: 'PaymentCompensated',
  },
  rejectionStored: {
    from: [],
    to: 'FAILED',
    description: 'accept rejected, stored by an earlier version of the service',
    event: 'PaymentFailed',
  },
  claimed: { from: ['RESERVED'], to: 'CHARGING', description: 'the charger claims' },
  chargeNotSent: {
    from: ['CHARGING'],
    to: 'RESERVED',
    description: 'the charge was provably not sent',
  },
  holdReleased: {
    from: ['RESERVED', 'REQUIRES_METHOD'],
    to: 'FAILED',
    description: 'cancelled, or the hold expires unclaimed',
    event: 'PaymentFailed',
  },
  actionRequired: {
    from: ['CHARGING', 'UNKNOWN'],
    to: 'REQUIRES_ACTION',
    description: 'the gateway waits for the buyer',
    event: 'PaymentActionRequired',
  },
  captured: {
    from: ['CHARGING', 'UNKNOWN', 'REQUIRES_ACTION', 'IN_REVIEW'],
    to: 'COMPLETED',
    description: 'approved; amount, currency and reference agree',
    event: 'PaymentCompleted',
  },
  declinedKept: {
    from: ['CHARGING', 'UNKNOWN', 'REQUIRES_ACTION'],
    to: 'REQUIRES_METHOD',
    description: 'declined with `onDecline: keep`; another payment method may follow',
    event: 'PaymentDeclined',
  },
  declined: {
    from: ['CHARGING', 'UNKNOWN', 'REQUIRES_ACTION', 'IN_REVIEW'],
    to: 'FAILED',
    description: 'conclusively declined, evidence stored',
    event: 'PaymentFailed',
  },
  outcomeUnknown: {
    from: ['CHARGING', 'REQUIRES_ACTION'],
    to: 'UNKNOWN',
    description: 'ambiguous answer, or the claim expired',
    event: 'PaymentOutcomeUnknown',
  },
  inquiryInconclusive: {
    from: ['UNKNOWN'],
    to: 'UNKNOWN',
    description: 'inquiry inconclusive',
  },
  reviewOpened: {
    from: ['CHARGING', 'UNKNOWN', 'REQUIRES_ACTION', 'FAILED', 'LATE_CAPTURED'],
    to: 'IN_REVIEW',
    description: 'amount mismatch, inquiry schedule exhausted, or compensation step failed',
    event: 'PaymentReviewOpened',
  },
  compensationStarted: {
    from: ['FAILED'],
    to: 'FAILED',
    description: 'not compensated in one transaction; the workflow runs each step',
    event: 'PaymentCompensationStarted',
  },
  compensated: {
    from: ['FAILED', 'IN_REVIEW'],
    to: 'COMPENSATED',
    description: 'every target restored and recorded',
    event: 'PaymentCompensated',
  },
  lateCaptured: {
    from: ['FAILED', 'COMPENSATED'],
    to: 'LATE_CAPTURED',
    description: 'the gateway captured after the payment had failed',
    event: 'PaymentLateCaptured',
  },
  lateCaptureRuledOut: {
    from: ['COMPENSATED'],
    to: 'COMPENSATED',
    description: 'late-capture check: not captured',
  },
  reversalUnconfirmed: {
    from: ['LATE_CAPTURED'],
    to: 'LATE_CAPTURED',
    description: 'reversal at the gateway unconfirmed',
  },
  reversed: {
    from: ['LATE_CAPTURED', 'IN_REVIEW'],
    to: 'REVERSED',
    description: 'reversal at the gateway succeeded',
    event: 'PaymentReversed',
  },
  refundRequested: {
    from: ['COMPLETED'],
    to: 'COMPLETED',
    description: 'a refund is requested; its amount is set aside',
  },
  refundSettled: {
    from: ['COMPLETED'],
    to: 'COMPLETED',
    description: 'a refund succeeded',
  },
  refundFailed: {
    from: ['COMPLETED'],
    to: 'COMPLETED',
    description: 'a refund failed; its amount is refundable again',
  },
  disputed: {
    from: ['COMPLETED'],
    to: 'COMPLETED',
    description: 'the buyer disputes the charge at the bank',
    event: 'PaymentDisputed',
  },
  disputeClosed: {
    from: ['COMPLETED'],
    to: 'COMPLETED',
    description: 'the bank has decided the dispute',
    event: 'DisputeClosed',
  },
  refundedElsewhere: {
    from: ['COMPLETED'],
    to: 'COMPLETED',
    description: 'a refund was made at the gateway and not by this service',
    event: 'PaymentRefundedElsewhere',
  },
} as const satisfies Record<string, Transition<PaymentStatus, EventName>>;

export type PaymentTransitionName = keyof typeof paymentTransitions;

const paymentStateMachine = createStateMachine<PaymentStatus, EventName, PaymentTransitionName>(
  paymentTransitions,
);

const finalStatuses: readonly PaymentStatus[] = ['COMPLETED', 'COMPENSATED', 'REVERSED'];

/** Whether no further step follows automatically. Refunds of a completed payment have their own states. */
export const isFinal = (status: PaymentStatus) => finalStatuses.includes(status);

export interface TransitionInput extends TransitionContext {
  readonly trigger?: PaymentHistoryEntry['trigger'];
  readonly change?: PaymentChange;
}

/** Whether the transition table allows a transition from the payment's status. */
export const canTransition = paymentStateMachine.can;

/** Returns the payment after one transition; throws IllegalTransitionError if the table does not allow it. */
export const transitionPayment = (
  payment: Payment,
  name: PaymentTransitionName,
  { trigger, change, ...context }: TransitionInput,
): Payment => {
  const entry = paymentStateMachine.next(payment.paymentId, payment, name, context);
  const { to, version, at } = entry;
  const obsolete = withoutObsolete(payment, to);
  const { dueAt, dueShard, claimExpiresAt, action, expiration, ...kept } = obsolete;
  const changed = change && truncateFailure(change);
  const declined = name === 'declinedKept' && changed?.failure;
  const hint = hintAtEnd(payment, to, at);

  return {
    ...kept,
    status: to,
    version,
    updatedAt: at,
    ...changed,
    ...hint,
    ...dueIndexOf({ ...payment, ...change, ...hint }, to, change?.dueAt ?? at),
    ...expirationOf(payment, to, at),
    history: compactHistory([
      ...payment.history,
      {
        ...entry,
        ...(trigger && { trigger }),
        ...(declined && { failure: { code: declined.code, reason: declined.reason } }),
      },
    ]),
  };
};

/** The expiration of a payment in a status: only a final one has it, so that none is deleted with stock reserved. */
export const expirationOf = ({ userId }: Pick<Payment, 'userId'>, to: PaymentStatus, at: string) =>
  isFinal(to) ? canaryExpirationOf(userId, at) : {};

/**
 * The hint of a payment that becomes final after several attempts. Each inquiry until then asks about one attempt,
 * and the gateway may have captured another one that it had declined.
 */
const hintAtEnd = (payment: Payment, to: PaymentStatus, at: string): Pick<Payment, 'hintedAt'> =>
  isFinal(to) && to !== payment.status && attemptCountOf(payment) > 1
    ? { hintedAt: latestHint(payment, at) }
    : {};

/**
 * A completed payment has no failure, and one that is charged again has none yet; the history keeps the reason.
 * A declined payment method is never charged again.
 */
const withoutObsolete = (payment: Payment, to: PaymentStatus): Payment => {
  const { failure, ...unfailed } = payment;
  if (to === 'COMPLETED' || to === 'RESERVED') return unfailed;
  const { paymentMethod, ...withoutMethod } = payment;

  return to === 'REQUIRES_METHOD' ? withoutMethod : payment;
};

/**
 * The due index holds every payment that is not final, and these final ones: COMPENSATED with a late-capture
 * check left, COMPLETED with a comparison or a cancellation refund left,
 * REVERSED with a comparison left. A payment under review leaves the
 * index when its review is stored, so a lost event cannot hide it from the operators.
 */
const dueIndexOf = (payment: Payment, to: PaymentStatus, defaultDueAt: string) => {
  const dueAt = isFinal(to) ? dueAtWhenFinal(payment, to, defaultDueAt) : defaultDueAt;

  return dueAt ? { dueShard: dueShardOf(payment.paymentId), dueAt } : {};
};

const dueAtWhenFinal = (payment: Payment, to: PaymentStatus, defaultDueAt: string) => {
  if (to === 'COMPENSATED') return nextLateCaptureCheckAt(payment, defaultDueAt);

  return needsCancellationRefund(payment, to) || needsGatewayComparison(payment, to)
    ? defaultDueAt
    : undefined;
};

/** The completed payment with a cancellation that the buyer requested before the capture was stored. */
export const withCancelRequest = (payment: Payment, cancelRequestedAt: string): Payment => {
  const cancelled = { ...payment, cancelRequestedAt };

  return { ...cancelled, ...dueIndexOf(cancelled, payment.status, payment.updatedAt) };
};

/**
 * The ended payment after a comparison with the gateway. An inconclusive result leaves a hint for the next
 * one.
 */
export const withComparison = (
  { dueAt, dueShard, ...payment }: Payment,
  lastInquiredAt: string,
  isConclusive: boolean,
): Payment => {
  const compared = {
    ...payment,
    lastInquiredAt,
    ...(!isConclusive && { hintedAt: latestHint(payment, lastInquiredAt) }),
  };

  return { ...compared, ...dueIndexOf(compared, payment.status, dueAt ?? lastInquiredAt) };
};

/** The next late-capture check: immediately if a hint is open, otherwise as scheduled. */
const nextLateCaptureCheckAt = (payment: Payment, defaultDueAt: string) =>
  hasOpenHint(payment) ? defaultDueAt : payment.lateCaptureCheck?.nextAt;

/** A transition of the table between two statuses, if there is one. Without `from` the payment is created. */
export const paymentTransitionOf = paymentStateMachine.between;

/** The event of one version of a payment, if it has one. */
export const paymentEventOfEntry = paymentStateMachine.eventOf;
