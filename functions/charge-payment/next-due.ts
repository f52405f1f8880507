import type { Verdict } from '../../shared/application/payments/decide-transition.ts';
import { firstInquiry } from '../../shared/domain/payments/inquiry-schedule.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Dependencies } from './dependencies.ts';

type Schedule = Pick<Dependencies, 'clock' | 'timings'>;

/** When the next one has to do something: the inquiry, or the charger again after its wait. */
export const dueIn = (deps: Schedule, claimed: Payment, verdict: Verdict): Verdict => {
  const now = deps.clock.now();
  if (verdict.transition === 'outcomeUnknown') {
    return { ...verdict, change: { dueAt: firstInquiry(claimed, now, deps.timings) } };
  }
  if (verdict.transition !== 'unsent') return verdict;
  // Tried again and again, it would never be overdue: the end of its hold is not put off.
  const holdEnds = Date.parse(claimed.createdAt) + deps.timings.holdMs;
  const dueAt = new Date(Math.min(now.getTime() + waitOf(deps, claimed), holdEnds)).toISOString();

  return { ...verdict, change: { dueAt } };
};

/** Half the payment's age, so that a PG that is down is asked ever less often. */
export const waitOf = ({ clock, timings }: Schedule, { createdAt }: Payment): number => {
  const [least, most] = timings.unsentAfterMs;

  return Math.min(Math.max((clock.now().getTime() - Date.parse(createdAt)) / 2, least), most);
};
