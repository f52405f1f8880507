import type { TransitionDecision } from '../../shared/application/payments/decide-transition.ts';
import { inquireConclusively } from '../../shared/application/payments/inquire-conclusively.ts';
import { canWaitForBuyer } from '../../shared/domain/payments/buyer-action.ts';
import { firstInquiryAt } from '../../shared/domain/payments/inquiry-schedule.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { decideFromFinding } from './decide-after-inquiry.ts';
import { notSentError } from './errors.ts';
import { inquireOnly, noAnswerOutcomes } from './inquire-only.ts';
import type { InquireOnceDependencies, Observation } from './types.ts';

/**
 * Inquires about a charge that waits for its buyer. Until its limit an answer that decides nothing changes
 * nothing. After it, or if the buyer has cancelled, the charge is cancelled at the gateway: the payment then
 * fails, unless it was captured first. Without a conclusive answer its outcome is unknown.
 */
export const inquireAboutAction = async (
  deps: InquireOnceDependencies,
  payment: Payment,
  isImmediate: boolean,
): Promise<TransitionDecision | Observation> => {
  const { clock, timings } = deps;
  const canWait = canWaitForBuyer(payment, payment.action?.expiresAt, clock.now());
  const finding = canWait
    ? await inquireOnly(deps, payment)
    : await inquireConclusively(deps, payment, { mayWait: false });
  if (finding.outcome === 'not-sent' && !isImmediate) throw notSentError(deps, payment, finding);
  const at = clock.now();
  const decision = decideFromFinding(finding, payment, at, timings);
  const detail = `${canWait ? 'inquiry' : 'inquiry after the wait for the buyer'}: ${decision.detail}`;
  if (isDecisive(decision)) return { ...decision, detail };
  if (canWait || finding.outcome === 'not-sent')
    return { observation: detail, hasNoAnswer: noAnswerOutcomes.includes(finding.outcome) };

  return {
    transition: 'outcomeUnknown',
    detail,
    change: { dueAt: firstInquiryAt(payment, at, timings) },
  };
};

const isDecisive = ({ transition }: TransitionDecision): boolean =>
  !['actionRequired', 'outcomeUnknown', 'chargeNotSent'].includes(transition);
