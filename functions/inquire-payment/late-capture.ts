import type { TransitionDecision } from '../../shared/application/payments/decide-transition.ts';
import { refundIdempotently } from '../../shared/application/refunds/refund-idempotently.ts';
import { chargeReferenceOf } from '../../shared/domain/payments/charge-idempotency-key.ts';
import { nextLateCaptureCheck } from '../../shared/domain/payments/inquiry-schedule.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { describeAmounts, remainingAtGateway } from '../../shared/gateway/captured-amounts.ts';
import type { CapturedAmounts } from '../../shared/gateway/payment-gateway.ts';
import { notSentError } from './errors.ts';
import type { InquireOnceDependencies, Observation } from './types.ts';

/**
 * Asks once more about a charge that failed and was undone: a PG that captured it after all has money of ours. An extra check, out of
 * turn, takes none of those that are due, and moves nothing where it finds nothing new.
 */
export const checkLateCapture = async (
  { gateway, clock, timings }: InquireOnceDependencies,
  payment: Payment,
  isOutOfTurn: boolean,
): Promise<TransitionDecision | Observation> => {
  const found = await gateway.inquire(chargeReferenceOf(payment));
  const isCaptured = found.outcome === 'approved' || found.outcome === 'mismatch';
  // A person who decided on it has seen the capture, and whoever gave it back since has done what is left to do.
  const isSettled = isCaptured && remainingAtGateway(found) === 0 && hasBeenReviewed(payment);
  if (found.outcome === 'approved' && !isSettled) {
    const { transactionId, approvedAt } = found;

    return {
      transition: 'lateCaptured',
      detail: `captured after all as ${transactionId}`,
      change: { pg: { transactionId, approvedAt } },
    };
  }
  if (found.outcome === 'mismatch' && !isSettled) {
    // Without what the PG approved there is no refund to send: the next step opens a review.
    return {
      transition: 'lateCaptured',
      detail: `captured after all, but something else: ${found.differences.join(', ')}`,
    };
  }
  const isAnswer = isSettled || found.outcome === 'not-found' || found.outcome === 'declined';
  const summary = isSettled ? describeAmounts(found) : found.outcome;
  if (found.outcome === 'not-sent' && !isOutOfTurn)
    throw notSentError({ clock, timings }, payment, found);
  if (isOutOfTurn) {
    // Where a check is scheduled, that one asks again.
    const hasNoAnswer = !isAnswer && payment.lateCaptureCheck?.nextAt === undefined;

    return { observation: `asked at once: ${summary}`, hasNoAnswer };
  }
  if (!isAnswer) return { observation: `late check: ${summary}`, hasNoAnswer: true };

  return {
    transition: 'lateCaptureRuledOut',
    detail: `late check: ${summary}`,
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
 * Gives back what is left of a late capture at the PG. The key is made from the payment, and from the amount where that is not all of it:
 * however often it is sent, it is one refund for as long as the PG remembers it. Once an answer was lost the PG is asked first what became
 * of it. Should somebody else give money back meanwhile, the PG refuses what is more than is left.
 */
export const reverseLateCapture = async (
  { gateway, clock, timings }: InquireOnceDependencies,
  payment: Payment,
): Promise<TransitionDecision> => {
  const { paymentId, currency, pg, reversalAttempts = 0 } = payment;
  const found = await gateway.inquire(chargeReferenceOf(payment));
  const isCaptured = found.outcome === 'approved' || found.outcome === 'mismatch';
  const remaining = isCaptured ? remainingAtGateway(found) : undefined;
  const isFullyRefunded = isCaptured && remaining !== undefined && remaining <= 0;
  // What the PG shows as refunded may be our own refund, which it is still working on and may refuse yet.
  if (isFullyRefunded && reversalAttempts === 0) return alreadyReversed(found);
  if (pg === undefined) {
    return isFullyRefunded
      ? alreadyReversed(found)
      : openReviewDecision(payment, 'the PG captured something else than was asked for');
  }
  const { transactionId } = pg;
  if (isFullyRefunded) {
    const key = reversalKeyOf(payment, payment.amount);
    const request = { key, reference: paymentId, amount: payment.amount, currency, transactionId };
    const ownRefund = await gateway.inquireRefund(request);
    if (ownRefund.outcome !== 'in-progress') return alreadyReversed(found);

    return reversalUnconfirmed(payment, ownRefund.outcome, { clock, timings });
  }
  const amount = Math.min(remaining ?? payment.amount, payment.amount);
  const key = reversalKeyOf(payment, amount);
  const isKeyExpired =
    clock.now().getTime() - lateCaptureFoundAt(payment) > timings.gatewayIdempotencyTtlMs;
  const outcome = await refundIdempotently(
    gateway,
    { key, reference: paymentId, amount, currency, transactionId },
    { wasSent: reversalAttempts > 0, isKeyExpired },
  );
  if (outcome.outcome === 'not-sent') throw notSentError({ clock, timings }, payment, outcome);
  if (outcome.outcome === 'refunded') {
    return { transition: 'reversed', detail: `refunded as ${outcome.refundId}` };
  }
  if (outcome.outcome === 'declined') {
    return openReviewDecision(payment, `the PG refused the refund: ${outcome.code}`);
  }
  if (outcome.outcome === 'key-expired') {
    return openReviewDecision(
      payment,
      'the PG knows no such refund, and may have forgotten its key',
    );
  }
  const detail = 'reason' in outcome ? `${outcome.outcome}: ${outcome.reason}` : outcome.outcome;

  return reversalUnconfirmed(payment, detail, { clock, timings });
};

const reversalKeyOf = ({ paymentId, amount: all }: Payment, amount: number): string =>
  `rfd:${paymentId}-late${amount === all ? '' : `-${amount}`}`;

const alreadyReversed = (found: CapturedAmounts): TransitionDecision => ({
  transition: 'reversed',
  detail: `nothing is left of it: ${describeAmounts(found)}`,
});

/** Its refund is not confirmed yet: asked again later, and after the last time a person decides. */
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

/** When it was found to be captured: no refund of it was sent before. Milliseconds since the epoch. */
const lateCaptureFoundAt = ({ history, createdAt }: Payment): number =>
  Date.parse(
    history.find(({ from, to }) => from !== to && to === 'LATE_CAPTURED')?.at ?? createdAt,
  );

/** The refusal keeps its code: its buyer is answered from it again. */
const openReviewDecision = ({ failure }: Payment, detail: string): TransitionDecision => ({
  transition: 'reviewOpened',
  detail,
  ...(failure && {
    change: {
      failure: { ...failure, evidence: [failure.evidence ?? [], detail].flat().join('; ') },
    },
  }),
});
