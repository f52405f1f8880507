import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { Review } from '../../../shared/domain/reviews/review.ts';
import { truthOfPayment } from '../gateways/payment-truth.ts';
import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { isPaidWith, isRefundedByHand, mayCaptureLate } from './known-differences.ts';
import { paymentsOf, reviewsOf } from './stored-items.ts';

type Explanation = (run: RunRecord, payment: Payment) => boolean;

const hasFault = ({ faults }: RunRecord, pattern: RegExp): boolean =>
  [...faults.taken.keys()].some((fault) => pattern.test(fault));

/** Something happened to a call of the gateway: the gateway, the network or the caller. */
const gatewayFault: Explanation = (run) => hasFault(run, /^gateway| gateway:|^storm gateway/);

/** A compensation step could not do its work: it died, or DynamoDB or Lambda refused. */
const stepFault: Explanation = (run) =>
  hasFault(run, /\b(?:restore-stock|restore-balance|release-order|finish-compensation)\b|^storm /);

const paidWith =
  (pattern: RegExp): Explanation =>
  (run, payment) =>
    isPaidWith(run, payment, pattern);

/**
 * Toss keeps an unconfirmed payment open for thirty minutes, which is longer than the local inquiries last: a
 * confirmation that had no effect stays in progress until then.
 */
const awaitsConfirmation: Explanation = ({ stage, gateway }, { paymentId }) =>
  gateway.adapter === 'toss' &&
  stage === 'local' &&
  truthOfPayment(gateway, paymentId).captures === 0;

/** The gateway captured two attempts, one of them after it had declined or cancelled it. */
const otherAttemptCaptured: Explanation = (run, payment) =>
  mayCaptureLate(run, payment) && truthOfPayment(run.gateway, payment.paymentId).captures > 1;

/** What can lead to each review, by its kind and code. Nothing else may. */
export const explanations: Readonly<Record<string, readonly Explanation[]>> = {
  'payment pg-mismatch': [paidWith(/wrong_amount/)],
  'payment refunded-at-gateway': [isRefundedByHand],
  'payment outcome-unknown': [gatewayFault, awaitsConfirmation],
  'payment compensation-incomplete': [stepFault],
  'payment refund-unconfirmed': [gatewayFault, paidWith(/refund_/), isRefundedByHand],
  'refund outcome-unknown': [gatewayFault, paidWith(/refund_unlisted_code/)],
  'refund cancel-refund-declined': [
    paidWith(/refund_(?:decline|pending_fails|fails_later|aborts)/),
    isRefundedByHand,
  ],
  'gateway-difference gateway-difference': [
    paidWith(/refund_fails_later/),
    isRefundedByHand,
    otherAttemptCaptured,
  ],
};

const isExplained = (run: RunRecord, { kind, code, paymentId }: Review): boolean => {
  const payment = paymentsOf(run).find((each) => each.paymentId === paymentId);

  return (
    payment !== undefined &&
    (explanations[`${kind} ${code}`] ?? []).some((explains) => explains(run, payment))
  );
};

export const explainedReviews: Check = {
  name: 'explained-reviews',
  property:
    'Each review has a cause that happened in the run, so a run without faults asks an operator nothing.',
  invariants: [9],
  atEnd: (run) =>
    reviewsOf(run)
      .filter((review) => !isExplained(run, review))
      .map(
        ({ reviewId, kind, code, paymentId, detail }) =>
          `nothing explains ${reviewId} (${kind}, ${code}) of ${paymentId}: ${detail ?? 'no detail'}`,
      ),
};
