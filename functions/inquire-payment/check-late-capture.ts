import type { Verdict } from '../../shared/application/payments/decide-transition.ts';
import { chargeOf } from '../../shared/domain/payments/charge-idempotency-key.ts';
import { lateCheckAfter } from '../../shared/domain/payments/inquiry-schedule.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { amountsIn, leftAtGateway } from '../../shared/gateway/captured-amounts.ts';
import type { Dependencies, Seen } from './dependencies.ts';
import { unsent } from './errors.ts';

/**
 * Asks once more about a charge that failed and was undone: a PG that captured it after all has money of ours. An extra check, out of
 * turn, takes none of those that are due, and moves nothing where it finds nothing new.
 */
export const checkLate = async (
  { gateway, clock, timings }: Dependencies,
  payment: Payment,
  isExtra: boolean,
): Promise<Verdict | Seen> => {
  const found = await gateway.inquire(chargeOf(payment));
  const isCaptured = found.outcome === 'approved' || found.outcome === 'mismatch';
  // A person who decided on it has seen the capture, and whoever gave it back since has done what is left to do.
  const isSettled = isCaptured && leftAtGateway(found) === 0 && wasReviewed(payment);
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
  const told = isSettled ? amountsIn(found) : found.outcome;
  if (found.outcome === 'not-sent' && !isExtra) throw unsent({ clock, timings }, payment, found);
  if (isExtra) {
    // Where a check is scheduled, that one asks again.
    const isUnanswered = !isAnswer && payment.lateCheck?.dueAt === undefined;

    return { seen: `asked at once: ${told}`, isUnanswered };
  }
  if (!isAnswer) return { seen: `late check: ${told}`, isUnanswered: true };

  return {
    transition: 'checked',
    detail: `late check: ${told}`,
    change: {
      lateCheck: lateCheckAfter((payment.lateCheck?.made ?? 0) + 1, clock.now(), timings),
    },
  };
};

const wasReviewed = ({ history }: Payment): boolean => history.some(({ to }) => to === 'IN_REVIEW');
