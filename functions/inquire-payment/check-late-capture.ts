import type { TransitionDecision } from '../../shared/application/payments/decide-transition.ts';
import { chargeReferenceOf } from '../../shared/domain/payments/charge-idempotency-key.ts';
import { nextLateCaptureCheck } from '../../shared/domain/payments/inquiry-schedule.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { describeAmounts, remainingAtGateway } from '../../shared/gateway/captured-amounts.ts';
import type { InquireOnceDependencies, Observation } from './dependencies.ts';
import { notSentError } from './errors.ts';

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
