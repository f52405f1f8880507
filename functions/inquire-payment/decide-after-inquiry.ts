import { type Verdict, verdictOf } from '../../shared/application/payments/decide-transition.ts';
import type { Finding } from '../../shared/application/payments/inquire-conclusively.ts';
import { lateCheckAfter, nextInquiry } from '../../shared/domain/payments/inquiry-schedule.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { Seen } from './dependencies.ts';

interface Turn {
  readonly at: Date;
  /** Asked out of turn: it takes none of the inquiries that are due. */
  readonly isExtra: boolean;
  readonly timings: Timings;
}

/**
 * How a payment of unknown outcome moves on what was found out: to its end, to the next inquiry, or to a person. Asked out of turn, what is
 * not known yet moves nothing.
 */
export const meaningOf = (
  finding: Finding,
  payment: Payment,
  { at, isExtra, timings }: Turn,
): Verdict | Seen => {
  const inquiries = (payment.inquiries ?? 0) + 1;
  const { transition, detail, change } = plainMeaning(finding, payment, at, timings);
  const told = `${isExtra ? 'asked at once' : `inquiry ${inquiries}`}: ${detail}`;
  if (transition !== 'outcomeUnknown' && transition !== 'unsent') {
    return { transition, detail: told, change: { ...change, inquiries } };
  }
  if (isExtra) return { seen: told };
  const dueAt = nextInquiry({ ...payment, inquiries }, at, timings);
  if (dueAt !== undefined) {
    return { transition: 'inquired', detail: told, change: { inquiries, dueAt } };
  }
  const failure = {
    code: 'outcome-unknown',
    reason: `The PG gave no conclusive answer to ${inquiries} inquiries.`,
    evidence: told,
  };

  return { transition: 'reviewOpened', detail: failure.reason, change: { inquiries, failure } };
};

/** What was found out, whatever the payment's own state and schedule are. */
export const plainMeaning = (
  finding: Finding,
  { attempt }: Payment,
  at: Date,
  timings: Timings,
): Verdict => {
  if (finding.outcome !== 'not-found') return verdictOf(finding, attempt);
  const { isConclusive, evidence } = finding;
  if (!isConclusive) return { transition: 'outcomeUnknown', detail: evidence };
  const reason = 'The payment gateway has not charged it, and will not.';

  return {
    transition: 'declined',
    detail: evidence,
    change: {
      failure: { code: 'not-charged', reason, evidence },
      lateCheck: lateCheckAfter(0, at, timings),
    },
  };
};
