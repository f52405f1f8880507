import type { Asked } from '../gateway-call.ts';
import { standingOf } from '../payments/funds-state.ts';
import { lateCheckAfter } from '../payments/inquiry-schedule.ts';
import type { Failure, Payment } from '../payments/payment.ts';
import { advance, type TransitionName } from '../payments/payment-transitions.ts';
import type { Refund } from '../refunds/refund.ts';
import type { PaidBack, RefundRefused } from '../refunds/refund-settlement.ts';
import type { Timings } from '../timings.ts';
import type { Decision, Resolution, Review } from './review.ts';

const transitions = {
  completed: 'captured',
  failed: 'declined',
  reversed: 'reversed',
} as const satisfies Record<Decision, TransitionName>;

/** What was decided of which review. */
type Decided = Resolution & Pick<Review, 'reviewId'>;

/** The step of a decision. The buyer reads it too: who decided, and why, stands in the review. */
const stepOf = ({ reviewId, decision, at }: Decided) => ({
  at: new Date(at),
  by: 'resolve-review',
  detail: `decided by a person: ${decision} (${reviewId})`,
});

/** What the gateway was asked for a decision, and its own name of what it has, where it told that. */
interface Told<Pg> {
  readonly asked?: readonly Asked[];
  readonly pg?: Pg | undefined;
}

const evidenceOf = (
  { failure }: Payment | Refund,
  { reviewId, by, reason, gateway }: Decided,
): string =>
  [
    failure?.evidence ?? [],
    `${reviewId}, ${by}: ${reason}`,
    gateway === undefined ? [] : `the gateway: ${gateway}`,
  ]
    .flat()
    .join('; ');

/** The payment as a person's decision leaves it. */
export const decided = (
  payment: Payment,
  resolution: Decided,
  { asked = [], pg, timings }: Told<Payment['pg']> & { readonly timings: LateChecks },
): Payment => {
  const { decision } = resolution;
  const step = stepOf(resolution);

  return advance(payment, transitions[decision], {
    ...step,
    ...(asked.length > 0 && { asked }),
    ...(decision === 'completed' && pg && { change: { pg } }),
    ...(decision === 'failed' && {
      change: {
        failure: failureOf(payment, resolution),
        ...lateCheck(payment, step.at, timings),
      },
    }),
  });
};

/** What the decision on a refund says of it, to whichever way it goes. */
export const refundDecided = (
  refund: Refund,
  resolution: Decided,
  { asked = [], pg = refund.pg }: Told<Refund['pg']> = {},
): PaidBack & RefundRefused => ({
  ...stepOf(resolution),
  asked,
  pg,
  failure: { ...notPaidBack, evidence: evidenceOf(refund, resolution) },
});

const notPaid = { code: 'not-paid', reason: 'It was looked into, and it was not paid.' };
const notPaidBack = {
  code: 'not-paid-back',
  reason: 'It was looked into, and it was not paid back.',
};

/** A refusal keeps its code: its buyer is answered from it again. */
const failureOf = (payment: Payment, resolution: Decided): Failure => ({
  ...notPaid,
  ...(standingOf(payment) === 'failed' && payment.failure),
  evidence: evidenceOf(payment, resolution),
});

type LateChecks = Pick<Timings, 'lateChecksAfterMs'>;

/**
 * Where nobody knew what the PG had, it may still turn out to have it: it is asked about again, as after any proof that it was not
 * charged. So is what had failed before its review: a capture that was seen meanwhile is refunded once all is given back.
 */
const lateCheck = (payment: Payment, at: Date, timings: LateChecks) =>
  (payment.failure?.code === 'outcome-unknown' ||
    (payment.attempt > 0 && standingOf(payment) === 'failed')) && {
    lateCheck: lateCheckAfter(0, at, timings),
  };
