import type { GatewayCall } from '../gateway-call.ts';
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

/** What was decided of which review. */
type ReviewResolution = Resolution & Pick<Review, 'reviewId'>;

/** The step of a decision. The buyer reads it too: who decided, and why, stands in the review. */
const transitionInputOf = ({ reviewId, decision, at }: ReviewResolution) => ({
  at: new Date(at),
  by: 'resolve-review',
  detail: `decided by a person: ${decision} (${reviewId})`,
});

/** What the gateway was asked for a decision, and its own name of what it has, where it told that. */
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

/** The payment as a person's decision leaves it. */
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

/** What the decision on a refund says of it, to whichever way it goes. */
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

const notPaid = { code: 'not-paid', reason: 'It was looked into, and it was not paid.' };
const notPaidBack = {
  code: 'not-refunded',
  reason: 'It was looked into, and it was not paid back.',
};

/** A refusal keeps its code: its buyer is answered from it again. */
const failureOf = (payment: Payment, resolution: ReviewResolution): Failure => ({
  ...notPaid,
  ...(fundsStateOf(payment) === 'releasable' && payment.failure),
  evidence: evidenceOf(payment, resolution),
});

type LateCaptureTimings = Pick<Timings, 'lateCaptureCheckDelaysMs'>;

/**
 * Where nobody knew what the PG had, it may still turn out to have it: it is asked about again, as after any
 * proof that it was not charged. So is what had failed before its review: a capture that was seen meanwhile
 * is refunded once all is given back.
 */
const lateCaptureCheckChange = (payment: Payment, at: Date, timings: LateCaptureTimings) =>
  (payment.failure?.code === 'outcome-unknown' ||
    (payment.attempt > 0 && fundsStateOf(payment) === 'releasable')) && {
    lateCaptureCheck: nextLateCaptureCheck(0, at, timings),
  };
