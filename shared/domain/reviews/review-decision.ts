import type { GatewayCall } from '../gateway-call.ts';
import type { OwnFailureCode, RefundFailureCode } from '../payments/buyer-failure.ts';
import { fundsStateOf } from '../payments/funds-state.ts';
import { nextLateCaptureCheck } from '../payments/inquiry-schedule.ts';
import type { Failure, Payment } from '../payments/payment.ts';
import { type PaymentTransitionName, transitionPayment } from '../payments/payment-transitions.ts';
import type { Refund } from '../refunds/refund.ts';
import type { RefundDeclined, RefundSucceeded } from '../refunds/refund-settlement.ts';
import type { Timings } from '../timings.ts';
import type { Decision, Resolution, Review } from './review.ts';

const transitionByDecision = {
  completed: 'captured',
  failed: 'declined',
  reversed: 'reversed',
} as const satisfies Record<Decision, PaymentTransitionName>;

/** A resolution and the review that it resolves. */
type ReviewResolution = Resolution & Pick<Review, 'reviewId'>;

/**
 * The transition of a decision. Its detail is visible to the buyer, so it names no operator and no reason.
 */
const transitionInputOf = ({ reviewId, decision, at }: ReviewResolution) => ({
  at: new Date(at),
  by: 'resolve-review',
  detail: `decided by an operator: ${decision} (${reviewId})`,
});

/** The gateway calls for a decision, and the gateway's own id, if known. */
interface GatewayObservation<Pg> {
  readonly gatewayCalls?: readonly GatewayCall[];
  readonly pg?: Pg | undefined;
}

const evidenceOf = (
  { failure }: Payment | Refund,
  { reviewId, by, reason, gateway }: ReviewResolution,
): string =>
  [
    failure?.evidence ?? [],
    `${reviewId}, ${by}: ${reason}`,
    gateway === undefined ? [] : `the gateway: ${gateway}`,
  ]
    .flat()
    .join('; ');

/** Applies an operator's decision to a payment. */
export const applyDecision = (
  payment: Payment,
  resolution: ReviewResolution,
  {
    gatewayCalls = [],
    pg,
    timings,
  }: GatewayObservation<Payment['pg']> & { readonly timings: LateCaptureTimings },
): Payment => {
  const { decision } = resolution;
  const input = transitionInputOf(resolution);

  return transitionPayment(payment, transitionByDecision[decision], {
    ...input,
    ...(gatewayCalls.length > 0 && { gatewayCalls }),
    ...(decision === 'completed' && pg && { change: { pg } }),
    ...(decision === 'failed' && {
      change: {
        failure: failureOf(payment, resolution),
        ...lateCaptureCheckChange(payment, input.at, timings),
      },
    }),
  });
};

/** The settlement input of a decided refund, for success and for failure. */
export const refundDecisionOutcome = (
  refund: Refund,
  resolution: ReviewResolution,
  { gatewayCalls = [], pg = refund.pg }: GatewayObservation<Refund['pg']> = {},
): RefundSucceeded & RefundDeclined => ({
  ...transitionInputOf(resolution),
  gatewayCalls,
  pg,
  failure: { ...notPaidBack, evidence: evidenceOf(refund, resolution) },
});

const notPaid = {
  code: 'not-paid' satisfies OwnFailureCode,
  reason: 'An operator found that it was not paid.',
};
const notPaidBack = {
  code: 'not-refunded' satisfies RefundFailureCode,
  reason: 'An operator found that it was not refunded.',
};

/** A failed payment keeps its code, because the idempotent response is built from it. */
const failureOf = (payment: Payment, resolution: ReviewResolution): Failure => ({
  ...notPaid,
  ...(fundsStateOf(payment) === 'releasable' && payment.failure),
  evidence: evidenceOf(payment, resolution),
});

type LateCaptureTimings = Pick<Timings, 'lateCaptureCheckDelaysMs'>;

/**
 * Schedules late-capture checks if the outcome was unknown, because the gateway may still have captured the
 * charge; and if the payment was FAILED before the review, so that a capture seen meanwhile is refunded after
 * the compensation.
 */
const lateCaptureCheckChange = (payment: Payment, at: Date, timings: LateCaptureTimings) =>
  (payment.failure?.code === 'outcome-unknown' ||
    (payment.attempt > 0 && fundsStateOf(payment) === 'releasable')) && {
    lateCaptureCheck: nextLateCaptureCheck(0, at, timings),
  };
