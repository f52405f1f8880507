import type { TransitionDecision } from '../../shared/application/payments/decide-transition.ts';
import { refundIdempotently } from '../../shared/application/refunds/refund-idempotently.ts';
import {
  attemptCountOf,
  chargeReferenceOf,
  gatewayReferenceOf,
} from '../../shared/domain/payments/charge-reference.ts';
import { nextLateCaptureCheck } from '../../shared/domain/payments/inquiry-schedule.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { describeAmounts, remainingAtGateway } from '../../shared/gateway/captured-amounts.ts';
import type { CapturedAmounts } from '../../shared/gateway/payment-gateway.ts';
import { notSentError } from './errors.ts';
import { inquireEachAttempt } from './inquire-each-attempt.ts';
import type { InquireOnceDependencies, Observation } from './types.ts';

/**
 * Inquires again about a charge that failed and was compensated: if the gateway captured it after all, it
 * holds the buyer's money. So it does if it captured an earlier attempt, although it had declined that. An
 * immediate inquiry uses up no scheduled check, and changes nothing if it finds nothing new.
 */
export const checkLateCapture = async (
  { gateway, clock, timings }: InquireOnceDependencies,
  payment: Payment,
  isImmediate: boolean,
): Promise<TransitionDecision | Observation> => {
  const { attempt, found } = await inquireEachAttempt({ gateway }, payment);
  const lastAttempt = attemptCountOf(payment);
  // The steps that follow are about the captured attempt.
  const captured = {
    attempt: attempt.attempt,
    ...(attempt.attempt !== lastAttempt && { lastAttempt }),
  };
  const isCaptured = found.outcome === 'approved' || found.outcome === 'mismatch';
  // An operator has already seen the capture in a review, and it has been refunded since.
  const isSettled = isCaptured && remainingAtGateway(found) === 0 && hasBeenReviewed(payment);
  if (found.outcome === 'approved' && !isSettled) {
    const { transactionId, approvedAt } = found;

    return {
      transition: 'lateCaptured',
      detail: `late capture: ${transactionId}`,
      change: { ...captured, pg: { transactionId, approvedAt } },
    };
  }
  if (found.outcome === 'mismatch' && !isSettled) {
    // Without the approved values there is no refund to send: the next step opens a review.
    return {
      transition: 'lateCaptured',
      detail: `late capture that does not match: ${found.differences.join(', ')}`,
      change: captured,
    };
  }
  const isAnswer = isSettled || found.outcome === 'not-found' || found.outcome === 'declined';
  if (found.outcome === 'not-sent' && !isImmediate)
    throw notSentError({ clock, timings }, payment, found);
  // The buyer could still approve it. The next check finds out whether it was cancelled in time.
  const cancelled =
    found.outcome === 'requires-action'
      ? await gateway.cancel(chargeReferenceOf(attempt))
      : undefined;
  const summary = isSettled
    ? describeAmounts(found)
    : [found.outcome, cancelled && `cancellation: ${cancelled.outcome}`].filter(Boolean).join('; ');
  if (isImmediate) {
    // If a check is scheduled, that one inquires again.
    const hasNoAnswer = !isAnswer && payment.lateCaptureCheck?.nextAt === undefined;

    return { observation: `immediate inquiry: ${summary}`, hasNoAnswer };
  }
  if (!isAnswer) return { observation: `late capture check: ${summary}`, hasNoAnswer: true };

  return {
    transition: 'lateCaptureRuledOut',
    detail: `late capture check: ${summary}`,
    change: {
      lateCaptureCheck: nextLateCaptureCheck(
        (payment.lateCaptureCheck?.count ?? 0) + 1,
        clock.now(),
        timings,
      ),
    },
  };
};

const hasBeenReviewed = ({ history }: Payment): boolean =>
  history.some(({ to }) => to === 'IN_REVIEW');

/**
 * Refunds the remaining amount of a late capture at the gateway.
 *
 * The idempotency key derives from the payment, and from the amount if that is not all of it, so repeated
 * calls make one refund while the gateway remembers the key. After a lost answer it inquires first. If an
 * external refund comes in between, the gateway declines more than remains.
 */
export const reverseLateCapture = async (
  { gateway, clock, timings }: InquireOnceDependencies,
  payment: Payment,
): Promise<TransitionDecision> => {
  const { gatewayAmount, currency, pg, reversalAttempts = 0 } = payment;
  const reference = gatewayReferenceOf(payment);
  const found = await gateway.inquire(chargeReferenceOf(payment));
  const isCaptured = found.outcome === 'approved' || found.outcome === 'mismatch';
  const remaining = isCaptured ? remainingAtGateway(found) : undefined;
  const isFullyRefunded = isCaptured && remaining !== undefined && remaining <= 0;
  // The refunded amount may include our own refund, which may still be pending and may still be declined.
  if (isFullyRefunded && reversalAttempts === 0) return alreadyReversed(found);
  if (pg === undefined) {
    return isFullyRefunded
      ? alreadyReversed(found)
      : openReviewDecision(payment, 'the capture at the gateway does not match the request');
  }
  const { transactionId } = pg;
  if (isFullyRefunded) {
    const key = reversalKeyOf(payment, gatewayAmount);
    const request = { key, reference, amount: gatewayAmount, currency, transactionId };
    const ownRefund = await gateway.inquireRefund(request);
    if (ownRefund.outcome !== 'in-progress') return alreadyReversed(found);

    return reversalUnconfirmed(payment, ownRefund.outcome, { clock, timings });
  }
  const amount = Math.min(remaining ?? gatewayAmount, gatewayAmount);
  const key = reversalKeyOf(payment, amount);
  const isKeyExpired =
    clock.now().getTime() - lateCaptureFoundAt(payment) > timings.gatewayIdempotencyTtlMs;
  const outcome = await refundIdempotently(
    gateway,
    { key, reference, amount, currency, transactionId },
    { wasSent: reversalAttempts > 0, isKeyExpired },
  );
  if (outcome.outcome === 'not-sent') throw notSentError({ clock, timings }, payment, outcome);
  if (outcome.outcome === 'refunded') {
    return { transition: 'reversed', detail: `refunded as ${outcome.refundId}` };
  }
  if (outcome.outcome === 'declined') {
    return openReviewDecision(payment, `the gateway declined the refund: ${outcome.code}`);
  }
  if (outcome.outcome === 'key-expired') {
    return openReviewDecision(
      payment,
      'refund not found at the gateway, and its idempotency key may have expired',
    );
  }
  const detail = 'reason' in outcome ? `${outcome.outcome}: ${outcome.reason}` : outcome.outcome;

  return reversalUnconfirmed(payment, detail, { clock, timings });
};

const reversalKeyOf = ({ paymentId, gatewayAmount: all }: Payment, amount: number): string =>
  `rfd:${paymentId}-late${amount === all ? '' : `-${amount}`}`;

const alreadyReversed = (found: CapturedAmounts): TransitionDecision => ({
  transition: 'reversed',
  detail: `fully refunded: ${describeAmounts(found)}`,
});

/**
 * The refund is not confirmed yet: inquires again after a backoff, and opens a review after the last attempt.
 */
const reversalUnconfirmed = (
  payment: Payment,
  detail: string,
  { clock, timings }: Pick<InquireOnceDependencies, 'clock' | 'timings'>,
): TransitionDecision => {
  const { reversalAttempts = 0 } = payment;
  const delayMs = timings.inquiryBackoffMs[reversalAttempts];
  if (delayMs === undefined)
    return openReviewDecision(payment, `the refund was never confirmed: ${detail}`);

  return {
    transition: 'reversalUnconfirmed',
    detail: `refund ${detail}`,
    change: {
      reversalAttempts: reversalAttempts + 1,
      dueAt: new Date(clock.now().getTime() + delayMs).toISOString(),
    },
  };
};

/** When the late capture was found. No refund of it was sent before. Milliseconds since the epoch. */
const lateCaptureFoundAt = ({ history, createdAt }: Payment): number =>
  Date.parse(
    history.find(({ from, to }) => from !== to && to === 'LATE_CAPTURED')?.at ?? createdAt,
  );

/** Keeps the failure code: the buyer's repeated request is answered with it. */
const openReviewDecision = ({ failure }: Payment, detail: string): TransitionDecision => ({
  transition: 'reviewOpened',
  detail,
  ...(failure && {
    change: {
      failure: { ...failure, evidence: [failure.evidence ?? [], detail].flat().join('; ') },
    },
  }),
});
