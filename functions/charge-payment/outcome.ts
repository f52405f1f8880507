import { advance, type Payment } from '../../shared/domain/payment.ts';
import type { Verdict } from '../../shared/pg/verdict.ts';
import { logger } from '../../shared/runtime/observability.ts';
import { firstInquiry } from './claim.ts';
import type { Dependencies } from './dependencies.ts';

const by = 'charge-payment';

/**
 * Writes what the PG's answer means, if the claim is still ours. Where it is not, another write has decided meanwhile: this answer is
 * logged and changes nothing.
 */
export const writeOutcome = async (
  {
    payments,
    settle,
    clock,
    timings,
  }: Pick<Dependencies, 'payments' | 'settle' | 'clock' | 'timings'>,
  claimed: Payment,
  verdict: Verdict,
): Promise<Payment> => {
  const at = clock.now();
  const { transition, detail } = verdict;
  const change = {
    ...verdict.change,
    ...(transition === 'outcomeUnknown' && { dueAt: firstInquiry(at, timings) }),
  };
  const after = advance(claimed, transition, { at, by, detail, change });
  const written =
    transition === 'captured'
      ? await settle(claimed, after)
      : (await payments.moved(claimed, after)) && 'settled';
  if (written === 'settled') return after;
  if (written === 'books-disagree') return openReview({ payments, clock }, claimed, detail);

  return late(claimed, detail);
};

/** The PG has the money and our books cannot take it: a person must look, and nothing is given back. */
const openReview = async (
  { payments, clock }: Pick<Dependencies, 'payments' | 'clock'>,
  claimed: Payment,
  evidence: string,
): Promise<Payment> => {
  const reason = 'The charge was approved, but the held balance, stock or order did not match it.';
  const review = advance(claimed, 'reviewOpened', {
    at: clock.now(),
    by,
    detail: reason,
    change: { failure: { code: 'books-disagree', reason, evidence } },
  });

  return (await payments.moved(claimed, review)) ? review : late(claimed, evidence);
};

/** An answer that came too late to count; the payment as it was claimed. */
const late = (claimed: Payment, detail: string): Payment => {
  const { paymentId, attempt } = claimed;
  logger.warn('late outcome refused', { paymentId, attempt, detail });

  return claimed;
};
