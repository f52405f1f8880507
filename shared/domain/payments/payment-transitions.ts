import { compactHistory, truncateEntry, truncateFailure } from '../bounds.ts';
import { dueShardOf } from '../due-index.ts';
import { IllegalTransitionError } from '../errors.ts';
import type { EventName } from '../events/domain-event.ts';
import { hasOpenHint, latestHint, needsGatewayComparison } from './inquiry-hint.ts';
import type { Payment, PaymentChange, PaymentHistoryEntry } from './payment.ts';
import { needsCancellationRefund } from './refundable.ts';

export type PaymentStatus =
  | 'RESERVED'
  | 'CHARGING'
  | 'UNKNOWN'
  | 'COMPLETED'
  | 'FAILED'
  | 'IN_REVIEW'
  | 'COMPENSATED'
  | 'LATE_CAPTURED'
  | 'REVERSED';

interface PaymentTransition {
  /** Empty: the payment begins here. */
  readonly from: readonly PaymentStatus[];
  readonly to: PaymentStatus;
  readonly description: string;
  readonly event?: EventName;
}

/** The one table of what a payment may do. Repository, tests and documentation are made from it. */
export const paymentTransitions = {
  accepted: { from: [], to: 'RESERVED', description: 'accept committed', event: 'PaymentReserved' },
  acceptRejected: {
    from: [],
    to: 'FAILED',
    description: 'accept refused, nothing reserved',
    event: 'PaymentFailed',
  },
  claimed: { from: ['RESERVED'], to: 'CHARGING', description: 'the charger claims' },
  chargeNotSent: { from: ['CHARGING'], to: 'RESERVED', description: 'provably nothing was sent' },
  holdReleased: {
    from: ['RESERVED'],
    to: 'FAILED',
    description: 'the buyer cancels, or the hold expires unclaimed',
    event: 'PaymentFailed',
  },
  captured: {
    from: ['CHARGING', 'UNKNOWN', 'IN_REVIEW'],
    to: 'COMPLETED',
    description: 'approved; amount, currency and reference agree',
    event: 'PaymentCompleted',
  },
  declined: {
    from: ['CHARGING', 'UNKNOWN', 'IN_REVIEW'],
    to: 'FAILED',
    description: 'conclusive refusal, evidence stored',
    event: 'PaymentFailed',
  },
  outcomeUnknown: {
    from: ['CHARGING'],
    to: 'UNKNOWN',
    description: 'ambiguous answer, or the claim expired',
    event: 'PaymentOutcomeUnknown',
  },
  inquiryInconclusive: {
    from: ['UNKNOWN'],
    to: 'UNKNOWN',
    description: 'inquired, and still not known',
  },
  reviewOpened: {
    from: ['CHARGING', 'UNKNOWN', 'FAILED', 'LATE_CAPTURED'],
    to: 'IN_REVIEW',
    description: 'amounts disagree, horizon reached, a step exhausted',
    event: 'PaymentReviewOpened',
  },
  compensated: {
    from: ['FAILED', 'IN_REVIEW'],
    to: 'COMPENSATED',
    description: 'every step recorded',
    event: 'PaymentCompensated',
  },
  lateCaptured: {
    from: ['FAILED', 'COMPENSATED'],
    to: 'LATE_CAPTURED',
    description: 'the PG did capture after all',
    event: 'PaymentLateCaptured',
  },
  lateCaptureRuledOut: {
    from: ['COMPENSATED'],
    to: 'COMPENSATED',
    description: 'checked later, and the PG still has not captured',
  },
  reversalUnconfirmed: {
    from: ['LATE_CAPTURED'],
    to: 'LATE_CAPTURED',
    description: 'the refund at the PG is not confirmed yet',
  },
  reversed: {
    from: ['LATE_CAPTURED', 'IN_REVIEW'],
    to: 'REVERSED',
    description: 'refund at the PG succeeded',
    event: 'PaymentReversed',
  },
  refundRequested: {
    from: ['COMPLETED'],
    to: 'COMPLETED',
    description: 'a refund is asked for, and its amount set aside',
  },
  refundSettled: {
    from: ['COMPLETED'],
    to: 'COMPLETED',
    description: 'the PG has paid a refund back',
  },
  refundFailed: {
    from: ['COMPLETED'],
    to: 'COMPLETED',
    description: 'a refund was refused; its amount is free again',
  },
} as const satisfies Record<string, PaymentTransition>;

export type PaymentTransitionName = keyof typeof paymentTransitions;

const finalStatuses: readonly PaymentStatus[] = ['COMPLETED', 'COMPENSATED', 'REVERSED'];

/** Nothing more happens to it by itself; refunds of a completed payment have a life of their own. */
export const isFinal = (status: PaymentStatus) => finalStatuses.includes(status);

export interface TransitionInput {
  readonly at: Date;
  readonly by: string;
  readonly detail?: string;
  readonly gatewayCalls?: PaymentHistoryEntry['gatewayCalls'];
  readonly trigger?: PaymentHistoryEntry['trigger'];
  readonly change?: PaymentChange;
}

/** Whether the transition table has a way from here. */
export const canTransition = (payment: Pick<Payment, 'status'>, name: PaymentTransitionName) =>
  (paymentTransitions[name].from as readonly PaymentStatus[]).includes(payment.status);

/** The payment after one transition; throws IllegalTransition where the table has no such way. */
export const transitionPayment = (
  payment: Payment,
  name: PaymentTransitionName,
  { at, by, detail, gatewayCalls = [], trigger, change }: TransitionInput,
): Payment => {
  const { to } = paymentTransitions[name];
  if (!canTransition(payment, name))
    throw new IllegalTransitionError(payment.paymentId, payment.status, to);

  const version = payment.version + 1;
  const entry = truncateEntry({
    version,
    at: at.toISOString(),
    from: payment.status,
    to,
    by,
    ...(detail !== undefined && { detail }),
    ...(gatewayCalls.length > 0 && { gatewayCalls }),
    ...(trigger && { trigger }),
  });
  const { dueAt, dueShard, claimExpiresAt, ...kept } =
    to === 'COMPLETED' ? withoutFailure(payment) : payment;

  return {
    ...kept,
    status: to,
    version,
    updatedAt: at.toISOString(),
    ...(change && truncateFailure(change)),
    ...dueIndexOf({ ...payment, ...change }, to, change?.dueAt ?? at.toISOString()),
    history: compactHistory([...payment.history, entry]),
  };
};

/** Why it was under review is told by its journal: whoever looks at what was paid after all sees no failure. */
const withoutFailure = ({ failure, ...payment }: Payment): Payment => payment;

/**
 * Due is what moves by itself: not what is final, but for a failure that the PG is asked about once more, for a completed payment that is
 * to be compared with the PG, and for a cancel whose refund is not requested yet. A payment under review is due until its review is stored,
 * which takes it out of the index: a lost event must not hide it from the people who decide.
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

/** The same completed payment, whose buyer asked to cancel it before that was written. */
export const withCancelRequest = (payment: Payment, cancelRequestedAt: string): Payment => {
  const cancelled = { ...payment, cancelRequestedAt };

  return { ...cancelled, ...dueIndexOf(cancelled, payment.status, payment.updatedAt) };
};

/** The same ended payment once it was compared at a time; where the result was not conclusive, the hint to compare it again is open. */
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

/** When the PG is asked once more: as soon as possible where it was said to have news meanwhile. */
const nextLateCaptureCheckAt = (payment: Payment, defaultDueAt: string) =>
  hasOpenHint(payment) ? defaultDueAt : payment.lateCaptureCheck?.nextAt;

/**
 * The way that the table has from one state to another, if any. Without a `from` the payment begins. Of several ways it is any: none of
 * them has an event.
 */
export const paymentTransitionOf = (from: PaymentStatus | undefined, to: PaymentStatus) =>
  (Object.values(paymentTransitions) as readonly PaymentTransition[]).find(
    (transition) =>
      transition.to === to &&
      (from === undefined ? transition.from.length === 0 : transition.from.includes(from)),
  );

/** The event that a move from one state to another is told by, if any. */
export const paymentTransitionEvent = (
  from: PaymentStatus | undefined,
  to: PaymentStatus,
): EventName | undefined => paymentTransitionOf(from, to)?.event;
