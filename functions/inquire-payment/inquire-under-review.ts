import type { Verdict } from '../../shared/application/payments/decide-transition.ts';
import { type Finding, findOut } from '../../shared/application/payments/inquire-conclusively.ts';
import { chargeOf } from '../../shared/domain/payments/charge-idempotency-key.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { TransitionName } from '../../shared/domain/payments/payment-transitions.ts';
import { plainMeaning } from './decide-after-inquiry.ts';
import type { Dependencies, Seen } from './dependencies.ts';

/** What an answer of the PG may settle of a review, by the code of its failure. Of any other, it is told to the person who decides. */
const settles: ReadonlyMap<string, readonly TransitionName[]> = new Map([
  ['outcome-unknown', ['captured', 'declined']],
  ['books-disagree', ['captured']],
]);

/** Asks once more about a payment that a person is to decide. Where anything of it was undone, nothing is settled here. */
export const lookAgain = async (deps: Dependencies, payment: Payment): Promise<Verdict | Seen> => {
  const { from } = payment.history.findLast(({ to }) => to === 'IN_REVIEW') ?? {};
  const isUndone = from === 'FAILED' || from === 'LATE_CAPTURED';
  const open = isUndone ? [] : (settles.get(payment.failure?.code ?? '') ?? []);
  const finding = await (open.includes('declined') ? findOut : lookUp)(deps, payment);
  const verdict = plainMeaning(finding, payment, deps.clock.now(), deps.timings);
  const detail = `asked again: ${verdict.detail}`;

  if (open.includes(verdict.transition)) return { ...verdict, detail };

  return {
    seen: detail,
    isUnanswered: noAnswers.includes(finding.outcome),
    isCaptured: finding.outcome === 'approved' || finding.outcome === 'mismatch',
  };
};

const noAnswers: readonly Finding['outcome'][] = ['in-progress', 'ambiguous', 'not-sent'];

/** What the PG knows, without a cancellation that would make sure of it. */
const lookUp = async ({ gateway }: Dependencies, payment: Payment): Promise<Finding> => {
  const found = await gateway.inquire(chargeOf(payment));

  return found.outcome === 'not-found'
    ? { ...found, isConclusive: false, evidence: 'not found' }
    : found;
};
