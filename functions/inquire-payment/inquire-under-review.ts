import type { TransitionDecision } from '../../shared/application/payments/decide-transition.ts';
import { inquireConclusively } from '../../shared/application/payments/inquire-conclusively.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { PaymentTransitionName } from '../../shared/domain/payments/payment-transitions.ts';
import { decideFromFinding } from './decide-after-inquiry.ts';
import { inquireOnly, noAnswerOutcomes } from './inquire-only.ts';
import type { InquireOnceDependencies, Observation } from './types.ts';

/**
 * The transitions that an inquiry may decide under review, by failure code. For any other code, the answer is
 * evidence for the operator.
 */
const resolvableTransitions: ReadonlyMap<string, readonly PaymentTransitionName[]> = new Map([
  ['outcome-unknown', ['captured', 'declined']],
  ['ledger-mismatch', ['captured']],
]);

/** Inquires again about a payment under review. Decides nothing if its compensation has begun. */
export const inquireUnderReview = async (
  deps: InquireOnceDependencies,
  payment: Payment,
): Promise<TransitionDecision | Observation> => {
  const { from } = payment.history.findLast(({ to }) => to === 'IN_REVIEW') ?? {};
  const isCompensated = from === 'FAILED' || from === 'LATE_CAPTURED';
  const resolvable = isCompensated
    ? []
    : (resolvableTransitions.get(payment.failure?.code ?? '') ?? []);
  const finding = resolvable.includes('declined')
    ? await inquireConclusively(deps, payment, { mayWait: true })
    : await inquireOnly(deps, payment);
  const decision = decideFromFinding(finding, payment, deps.clock.now(), deps.timings);
  const detail = `inquired under review: ${decision.detail}`;

  if (resolvable.includes(decision.transition)) return { ...decision, detail };

  return {
    observation: detail,
    hasNoAnswer: noAnswerOutcomes.includes(finding.outcome),
    isCaptured: finding.outcome === 'approved' || finding.outcome === 'mismatch',
  };
};
