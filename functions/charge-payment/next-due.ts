import type { TransitionDecision } from '../../shared/application/payments/decide-transition.ts';
import { firstInquiryAt } from '../../shared/domain/payments/inquiry-schedule.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { ChargeDependencies } from './dependencies.ts';

type Schedule = Pick<ChargeDependencies, 'clock' | 'timings'>;

/** When the next one has to do something: the inquiry, or the charger again after its wait. */
export const withNextDueAt = (
  deps: Schedule,
  claimed: Payment,
  decision: TransitionDecision,
): TransitionDecision => {
  const now = deps.clock.now();
  if (decision.transition === 'outcomeUnknown') {
    return { ...decision, change: { dueAt: firstInquiryAt(claimed, now, deps.timings) } };
  }
  if (decision.transition !== 'chargeNotSent') return decision;
  // Tried again and again, it would never be overdue: the end of its hold is not put off.
  const holdExpiresAt = Date.parse(claimed.createdAt) + deps.timings.holdExpiryMs;
  const dueAt = new Date(
    Math.min(now.getTime() + backoffDelayMs(deps, claimed), holdExpiresAt),
  ).toISOString();

  return { ...decision, change: { dueAt } };
};

/** Half the payment's age, so that a PG that is down is asked ever less often. */
export const backoffDelayMs = ({ clock, timings }: Schedule, { createdAt }: Payment): number => {
  const [minMs, maxMs] = timings.notSentBackoffMs;

  return Math.min(Math.max((clock.now().getTime() - Date.parse(createdAt)) / 2, minMs), maxMs);
};
