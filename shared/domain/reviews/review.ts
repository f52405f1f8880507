import type { DomainEvent } from '../events/domain-event.ts';
import { fundsStateOf } from '../payments/funds-state.ts';
import type { Dispute, Payment } from '../payments/payment.ts';
import { gatewayRefundableAmount, refundUnconfirmed } from '../payments/refundable.ts';
import type { Refund } from '../refunds/refund.ts';
import type { GatewayDifference } from './gateway-difference.ts';

/**
 * What an operator decides: the payment was captured, was not captured, or was captured and refunded at the
 * gateway.
 */
export const decisions = ['completed', 'failed', 'reversed'] as const;

export type Decision = (typeof decisions)[number];

export const reviewStatuses = ['OPEN', 'RESOLVED'] as const;

export type ReviewStatus = (typeof reviewStatuses)[number];

/** One decision in the audit trail of a review. */
export interface Resolution {
  /** ISO 8601. */
  readonly at: string;
  /** The operator, or the function that closed the review. */
  readonly by: string;
  /** The operator's name or e-mail address. Absent for a function, and if the token has neither. */
  readonly name?: string;
  /** The scope that permitted the decision. Absent for a function. */
  readonly scope?: string;
  readonly decision: Decision;
  readonly reason: string;
  /** The gateway's status at that time. Absent without an inquiry. */
  readonly gateway?: string;
  /** The proposal of the first person, if the decision needed a second one. */
  readonly proposal?: Proposal;
}

/** A decision that waits for a second person. */
export interface Proposal
  extends Pick<Resolution, 'at' | 'by' | 'name' | 'scope' | 'decision' | 'reason'> {
  /** SHA-256 of the effects that the first person was shown. With other effects it must be proposed again. */
  readonly basis: string;
}

export const reviewKinds = ['payment', 'refund', 'gateway-difference', 'dispute', 'event'] as const;

/**
 * A case for an operator: a payment or refund whose outcome only an operator can decide; an ended payment
 * that differs at the gateway, or that its buyer disputes; or an event that cannot be built.
 */
export interface Review {
  readonly reviewId: string;
  readonly kind: (typeof reviewKinds)[number];
  readonly paymentId: string;
  readonly refundId?: string;
  readonly orderId: string;
  readonly userId: string;
  /** The version of the payment or refund under review. A decision applies to this version only. */
  readonly version: number;
  /** Why it is under review. */
  readonly code: string;
  /** For kind `event`: the invalid fields and the fault of each. */
  readonly detail?: string;
  /** Minor units of `currency`. */
  readonly amountAtRisk: number;
  readonly currency: string;
  readonly status: ReviewStatus;
  /** ISO 8601. */
  readonly openedAt: string;
  readonly decision?: Decision;
  readonly audit: readonly Resolution[];
  /** The decision that waits for a second person. Absent once the review is resolved. */
  readonly proposal?: Proposal;
  /** For kind `gateway-difference`: the difference as first observed. */
  readonly difference?: GatewayDifference;
  /** When the gateway and the payment agreed again. Absent while they differ. ISO 8601. */
  readonly reconciledAt?: string;
}

type ReviewOpenedEvent = DomainEvent<'PaymentReviewOpened' | 'RefundReviewOpened'>;

type Subject = Pick<Review, 'paymentId' | 'orderId' | 'userId' | 'version' | 'currency'>;
type Case = Pick<Review, 'reviewId' | 'kind' | 'code' | 'amountAtRisk' | 'openedAt'>;

const openedReview = (
  { paymentId, orderId, userId, version, currency }: Subject,
  opened: Case,
): Review => ({
  ...opened,
  ...{ paymentId, orderId, userId, version, currency },
  status: 'OPEN',
  audit: [],
});

/** The review that an event opens. */
export const reviewFromEvent = (
  { time: openedAt, data }: ReviewOpenedEvent,
  reviewId: string,
  version: number,
): Review => {
  const isRefund = 'refundId' in data;
  const kind = isRefund ? 'refund' : 'payment';
  const { code } = data;
  const amountAtRisk = amountAtRiskOf(data);

  return {
    ...openedReview({ ...data, version }, { reviewId, kind, code, amountAtRisk, openedAt }),
    ...(isRefund && { refundId: data.refundId }),
  };
};

/** The balance part of a late capture was given back before: only the gateway's part depends on the decision. */
const amountAtRiskOf = (data: ReviewOpenedEvent['data']): number =>
  'gatewayAmount' in data && data.code === refundUnconfirmed
    ? (data.gatewayAmount ?? data.amount)
    : data.amount;

/** The review of an ended payment that differs at the gateway. The payment keeps its status. */
export const createDifferenceReview = (
  payment: Payment,
  difference: GatewayDifference,
  identity: Pick<Review, 'reviewId' | 'openedAt'>,
): Review => ({
  ...openedReview(payment, {
    ...identity,
    kind: 'gateway-difference',
    code: 'gateway-difference',
    amountAtRisk: Math.abs(difference.amount),
  }),
  difference,
});

/** The review of a dispute about a completed payment, or of its loss. The payment keeps its status. */
export const createDisputeReview = (
  payment: Payment,
  { amount: amountAtRisk }: Dispute,
  identity: Pick<Review, 'reviewId' | 'openedAt' | 'code'>,
): Review => openedReview(payment, { ...identity, kind: 'dispute', amountAtRisk });

/**
 * The decisions that a gateway difference allows: `completed` keeps the payment as it is; `reversed` records
 * a refund made at the gateway.
 */
export const allowedDifferenceDecisions = (
  { status, difference }: Review,
  payment: Payment,
): readonly Decision[] => {
  if (status !== 'OPEN' || difference === undefined) return [];
  const isRecordable =
    payment.status === 'COMPLETED' &&
    difference.amount < 0 &&
    -difference.amount <= gatewayRefundableAmount(payment);

  return isRecordable ? ['completed', 'reversed'] : ['completed'];
};

export const withResolution = (
  { proposal, ...review }: Review,
  resolution: Resolution,
): Review => ({
  ...review,
  status: 'RESOLVED',
  decision: resolution.decision,
  audit: [...review.audit, resolution],
});

/**
 * The decisions that a payment allows, by its status before the review and its uncompensated targets
 * (`missing`). Empty if the payment has changed since. A failed payment is never completed: it has no
 * reservation, or a compensation step may run concurrently. A payment with uncompensated targets is never
 * reversed, because REVERSED is final and they would not be restored.
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

/**
 * A review of an event is completed once an operator has done what the event would have started, and one of a
 * dispute once an operator has answered the bank or noted the loss.
 */
export const allowedClosingDecisions = ({ status }: Review): readonly Decision[] =>
  status === 'OPEN' ? ['completed'] : [];

/** The decisions that a refund allows: it was refunded, or it was not. */
export const allowedRefundDecisions = (
  { status, version }: Review,
  refund: Refund | undefined,
): readonly Decision[] =>
  status === 'OPEN' && refund?.status === 'UNDER_REVIEW' && refund.version === version
    ? ['completed', 'failed']
    : [];

/** The same without `failed` if the gateway has confirmed the refund. */
export const offeredRefundDecisions = (
  review: Review,
  refund: Refund | undefined,
): readonly Decision[] =>
  allowedRefundDecisions(review, refund).filter(
    (decision) => decision !== 'failed' || refund?.pg === undefined,
  );
