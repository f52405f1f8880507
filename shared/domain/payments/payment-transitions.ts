import { boundedEntry, boundedHistory, withBoundedFailure } from '../bounds.ts';
import { dueShardOf } from '../due-index.ts';
import { IllegalTransition } from '../errors.ts';
import type { EventName } from '../events/domain-event.ts';
import { hasOpenHint, laterHint, owesComparison } from './inquiry-hint.ts';
import type { HistoryEntry, Payment, PaymentChange } from './payment.ts';
import { owesCancel } from './refundable.ts';

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

interface Transition {
  /** Empty: the payment begins here. */
  readonly from: readonly PaymentStatus[];
  readonly to: PaymentStatus;
  readonly when: string;
  readonly event?: EventName;
}

/** The one table of what a payment may do. Repository, tests and documentation are made from it. */
export const transitions = {
  accepted: { from: [], to: 'RESERVED', when: 'accept committed', event: 'PaymentReserved' },
  refusedAtAccept: {
    from: [],
    to: 'FAILED',
    when: 'accept refused, nothing reserved',
    event: 'PaymentFailed',
  },
  claimed: { from: ['RESERVED'], to: 'CHARGING', when: 'the charger claims' },
  unsent: { from: ['CHARGING'], to: 'RESERVED', when: 'provably nothing was sent' },
  released: {
    from: ['RESERVED'],
    to: 'FAILED',
    when: 'the buyer cancels, or the hold expires unclaimed',
    event: 'PaymentFailed',
  },
  captured: {
    from: ['CHARGING', 'UNKNOWN', 'IN_REVIEW'],
    to: 'COMPLETED',
    when: 'approved; amount, currency and reference agree',
    event: 'PaymentCompleted',
  },
  declined: {
    from: ['CHARGING', 'UNKNOWN', 'IN_REVIEW'],
    to: 'FAILED',
    when: 'conclusive refusal, evidence stored',
    event: 'PaymentFailed',
  },
  outcomeUnknown: {
    from: ['CHARGING'],
    to: 'UNKNOWN',
    when: 'ambiguous answer, or the claim expired',
    event: 'PaymentOutcomeUnknown',
  },
  inquired: { from: ['UNKNOWN'], to: 'UNKNOWN', when: 'inquired, and still not known' },
  reviewOpened: {
    from: ['CHARGING', 'UNKNOWN', 'FAILED', 'LATE_CAPTURED'],
    to: 'IN_REVIEW',
    when: 'amounts disagree, horizon reached, a step exhausted',
    event: 'PaymentReviewOpened',
  },
  compensated: {
    from: ['FAILED', 'IN_REVIEW'],
    to: 'COMPENSATED',
    when: 'every step recorded',
    event: 'PaymentCompensated',
  },
  lateCaptured: {
    from: ['FAILED', 'COMPENSATED'],
    to: 'LATE_CAPTURED',
    when: 'the PG did capture after all',
    event: 'PaymentLateCaptured',
  },
  checked: {
    from: ['COMPENSATED'],
    to: 'COMPENSATED',
    when: 'checked later, and the PG still has not captured',
  },
  unreversed: {
    from: ['LATE_CAPTURED'],
    to: 'LATE_CAPTURED',
    when: 'the refund at the PG is not confirmed yet',
  },
  reversed: {
    from: ['LATE_CAPTURED', 'IN_REVIEW'],
    to: 'REVERSED',
    when: 'refund at the PG succeeded',
    event: 'PaymentReversed',
  },
  refundRequested: {
    from: ['COMPLETED'],
    to: 'COMPLETED',
    when: 'a refund is asked for, and its amount set aside',
  },
  refundSettled: { from: ['COMPLETED'], to: 'COMPLETED', when: 'the PG has paid a refund back' },
  refundFailed: {
    from: ['COMPLETED'],
    to: 'COMPLETED',
    when: 'a refund was refused; its amount is free again',
  },
} as const satisfies Record<string, Transition>;

export type TransitionName = keyof typeof transitions;

const finals: readonly PaymentStatus[] = ['COMPLETED', 'COMPENSATED', 'REVERSED'];

/** Nothing more happens to it by itself; refunds of a completed payment have a life of their own. */
export const isFinal = (status: PaymentStatus) => finals.includes(status);

export interface Step {
  readonly at: Date;
  readonly by: string;
  readonly detail?: string;
  readonly asked?: HistoryEntry['asked'];
  readonly wish?: HistoryEntry['wish'];
  readonly change?: PaymentChange;
}

/** Whether the transition table has a way from here. */
export const mayMove = (payment: Pick<Payment, 'status'>, name: TransitionName) =>
  (transitions[name].from as readonly PaymentStatus[]).includes(payment.status);

/** The payment after one transition; throws IllegalTransition where the table has no such way. */
export const advance = (
  payment: Payment,
  name: TransitionName,
  { at, by, detail, asked = [], wish, change }: Step,
): Payment => {
  const { to } = transitions[name];
  if (!mayMove(payment, name)) throw new IllegalTransition(payment.paymentId, payment.status, to);

  const version = payment.version + 1;
  const entry = boundedEntry({
    version,
    at: at.toISOString(),
    from: payment.status,
    to,
    by,
    ...(detail !== undefined && { detail }),
    ...(asked.length > 0 && { asked }),
    ...(wish && { wish }),
  });
  const { dueAt, dueShard, claimExpiresAt, ...kept } =
    to === 'COMPLETED' ? sound(payment) : payment;

  return {
    ...kept,
    status: to,
    version,
    updatedAt: at.toISOString(),
    ...(change && withBoundedFailure(change)),
    ...dueOf({ ...payment, ...change }, to, change?.dueAt ?? at.toISOString()),
    history: boundedHistory([...payment.history, entry]),
  };
};

/** Why it was under review is told by its journal: whoever looks at what was paid after all sees no failure. */
const sound = ({ failure, ...payment }: Payment): Payment => payment;

/**
 * Due is what moves by itself: not what is final, but for a failure that the PG is asked about once more, for a completed payment that is
 * to be compared with the PG, and for a cancel whose refund is not requested yet. A payment under review is due until its review is stored,
 * which takes it out of the index: a lost event must not hide it from the people who decide.
 */
const dueOf = (payment: Payment, to: PaymentStatus, soonest: string) => {
  const dueAt = isFinal(to) ? stillDue(payment, to, soonest) : soonest;

  return dueAt ? { dueShard: dueShardOf(payment.paymentId), dueAt } : {};
};

const stillDue = (payment: Payment, to: PaymentStatus, soonest: string) => {
  if (to === 'COMPENSATED') return checkOf(payment, soonest);

  return owesCancel(payment, to) || owesComparison(payment, to) ? soonest : undefined;
};

/** The same completed payment, whose buyer asked to cancel it before that was written. */
export const withCancel = (payment: Payment, cancelRequestedAt: string): Payment => {
  const cancelled = { ...payment, cancelRequestedAt };

  return { ...cancelled, ...dueOf(cancelled, payment.status, payment.updatedAt) };
};

/** The same ended payment once it was compared at a time; where the result was not conclusive, the hint to compare it again is open. */
export const withComparison = (
  { dueAt, dueShard, ...payment }: Payment,
  inquiredAt: string,
  isConclusive: boolean,
): Payment => {
  const compared = {
    ...payment,
    inquiredAt,
    ...(!isConclusive && { hintedAt: laterHint(payment, inquiredAt) }),
  };

  return { ...compared, ...dueOf(compared, payment.status, dueAt ?? inquiredAt) };
};

/** When the PG is asked once more: as soon as possible where it was said to have news meanwhile. */
const checkOf = (payment: Payment, soonest: string) =>
  hasOpenHint(payment) ? soonest : payment.lateCheck?.dueAt;

/**
 * The way that the table has from one state to another, if any. Without a `from` the payment begins. Of several ways it is any: none of
 * them has an event.
 */
export const transitionOf = (from: PaymentStatus | undefined, to: PaymentStatus) =>
  (Object.values(transitions) as readonly Transition[]).find(
    (transition) =>
      transition.to === to &&
      (from === undefined ? transition.from.length === 0 : transition.from.includes(from)),
  );

/** The event that a move from one state to another is told by, if any. */
export const eventOf = (
  from: PaymentStatus | undefined,
  to: PaymentStatus,
): EventName | undefined => transitionOf(from, to)?.event;
