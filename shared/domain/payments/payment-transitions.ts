import { compactHistory, truncateFailure } from '../bounds.ts';
import { canaryExpirationOf } from '../canary.ts';
import { dueShardOf } from '../due-index.ts';
import type { EventName } from '../events/domain-event.ts';
import { createStateMachine, type TransitionContext } from '../state-machine.ts';
import { attemptCountOf } from './charge-reference.ts';
import { hasOpenHint, latestHint, needsGatewayComparison } from './inquiry-hint.ts';
import type { Payment, PaymentChange, PaymentHistoryEntry, PaymentStatus } from './payment.ts';
import { paymentTransitions } from './payment-transition-table.ts';
import { needsCancellationRefund } from './refundable.ts';

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
