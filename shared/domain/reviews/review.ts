import type { DomainEvent } from '../events/domain-event.ts';
import { fundsStateOf } from '../payments/funds-state.ts';
import type { Payment } from '../payments/payment.ts';
import type { Refund } from '../refunds/refund.ts';
import type { GatewayDifference } from './gateway-difference.ts';

/** What a person says became of the money: it is taken, it is not, or it was and is given back at the PG. */
export const decisions = ['completed', 'failed', 'reversed'] as const;

export type Decision = (typeof decisions)[number];

export const reviewStatuses = ['OPEN', 'RESOLVED'] as const;

export type ReviewStatus = (typeof reviewStatuses)[number];

/** Who decided what, when and why. */
export interface Resolution {
  /** ISO 8601. */
  readonly at: string;
  /** The operator; or the function that noticed that there is nothing left to decide. */
  readonly by: string;
  readonly decision: Decision;
  readonly reason: string;
  /** What the gateway said at that moment. Absent where it was not asked. */
  readonly gateway?: string;
}

export const reviewKinds = ['payment', 'refund', 'gateway-difference', 'event'] as const;

/**
 * A payment or a refund of which only a person can say how it ends; a payment that has ended, and of which
 * the gateway says something else; or an event of one of them that cannot be built, so that nothing goes on.
 */
export interface Review {
  readonly reviewId: string;
  readonly kind: (typeof reviewKinds)[number];
  readonly paymentId: string;
  readonly refundId?: string;
  readonly orderId: string;
  readonly userId: string;
  /** The version of the payment, or of the refund, that is under review: of no other is anything decided. */
  readonly version: number;
  /** Why it is under review. */
  readonly code: string;
  /** Of an event: the faulty fields and what is wrong with each. */
  readonly detail?: string;
  /** Minor units of `currency`. */
  readonly amountAtRisk: number;
  readonly currency: string;
  readonly status: ReviewStatus;
  /** ISO 8601. */
  readonly openedAt: string;
  readonly decision?: Decision;
  readonly audit: readonly Resolution[];
  /** What a `gateway-difference` is about, as it was first seen. */
  readonly difference?: GatewayDifference;
  /** When the gateway and the books agreed again. Absent while they differ. ISO 8601. */
  readonly reconciledAt?: string;
}

type ReviewOpenedEvent = DomainEvent<'PaymentReviewOpened' | 'RefundReviewOpened'>;

/** The review that an event asks for. */
export const reviewFromEvent = (
  { time, data }: ReviewOpenedEvent,
  reviewId: string,
  version: number,
): Review => {
  const { amount, ...rest } = data;

  return {
    reviewId,
    kind: 'refundId' in data ? 'refund' : 'payment',
    ...rest,
    version,
    amountAtRisk: amount,
    status: 'OPEN',
    openedAt: time,
    audit: [],
  };
};

/**
 * The review of a payment that has ended otherwise than the gateway says. The payment does not move: its end
 * stays its end.
 */
export const createDifferenceReview = (
  { paymentId, orderId, userId, version, currency }: Payment,
  difference: GatewayDifference,
  { reviewId, openedAt }: Pick<Review, 'reviewId' | 'openedAt'>,
): Review => ({
  reviewId,
  kind: 'gateway-difference',
  paymentId,
  orderId,
  userId,
  version,
  code: 'gateway-difference',
  amountAtRisk: Math.abs(difference.amount),
  currency,
  status: 'OPEN',
  openedAt,
  audit: [],
  difference,
});

/**
 * What may be decided of a difference: that the books stay as they are, because it is settled elsewhere; or,
 * of a refund that somebody made at the gateway, that it is booked.
 */
export const allowedDifferenceDecisions = (
  { status, difference }: Review,
  payment: Payment,
): readonly Decision[] => {
  if (status !== 'OPEN' || difference === undefined) return [];
  const left = payment.amount - payment.refunded - payment.refundPending;
  const isBookable =
    payment.status === 'COMPLETED' && difference.amount < 0 && -difference.amount <= left;

  return isBookable ? ['completed', 'reversed'] : ['completed'];
};

export const withResolution = (review: Review, resolution: Resolution): Review => ({
  ...review,
  status: 'RESOLVED',
  decision: resolution.decision,
  audit: [...review.audit, resolution],
});

/**
 * What may be decided of a payment, by where it stood before its review and by what of it no step has given
 * back (`missing`). Nothing where it went on meanwhile.
 *
 * What failed never becomes completed: at accept it had reserved nothing, and later a step of its
 * compensation may write at the very same moment. What is still held is never reversed: that would be its
 * end, and nothing would give it back.
 */
export const allowedDecisions = (
  { status, version }: Review,
  payment: Payment,
  missing: readonly string[],
): readonly Decision[] => {
  const { history, reservation, attempt } = payment;
  const isUnderReview = payment.status === 'IN_REVIEW' && payment.version === version;
  if (status !== 'OPEN' || !isUnderReview) return [];
  if (fundsStateOf(payment) === 'held') return reservation ? ['completed', 'failed'] : ['failed'];
  const from = history.at(-1)?.from;
  const isHeld = missing.length > 0;
  const mayBeCharged = attempt > 0 || from === 'LATE_CAPTURED';

  return [
    ...(from === 'FAILED' || isHeld ? (['failed'] as const) : []),
    ...(!isHeld && mayBeCharged ? (['reversed'] as const) : []),
  ];
};

/** An event that cannot be built is done with once a person has done what it stands for. */
export const allowedEventDecisions = ({ status }: Review): readonly Decision[] =>
  status === 'OPEN' ? ['completed'] : [];

/** What may be decided of a refund: it was paid back, or it was not. */
export const allowedRefundDecisions = (
  { status, version }: Review,
  refund: Refund | undefined,
): readonly Decision[] =>
  status === 'OPEN' && refund?.status === 'UNDER_REVIEW' && refund.version === version
    ? ['completed', 'failed']
    : [];

/**
 * The same without what is stored to be false: the gateway has said that it paid it back, and is not expected
 * to say otherwise.
 */
export const offeredRefundDecisions = (
  review: Review,
  refund: Refund | undefined,
): readonly Decision[] =>
  allowedRefundDecisions(review, refund).filter(
    (decision) => decision !== 'failed' || refund?.pg === undefined,
  );
