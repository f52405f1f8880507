import {
  decideTransition,
  type TransitionDecision,
} from '../../shared/application/payments/decide-transition.ts';
import type { InquiryFinding } from '../../shared/application/payments/inquire-conclusively.ts';
import {
  nextInquiryAt,
  nextLateCaptureCheck,
} from '../../shared/domain/payments/inquiry-schedule.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { Observation } from './types.ts';

interface InquiryContext {
  readonly at: Date;
  /** Asked out of turn: it takes none of the inquiries that are due. */
  readonly isOutOfTurn: boolean;
  readonly timings: Timings;
}

/**
 * How a payment of unknown outcome moves on what was found out: to its end, to the next inquiry, or to a person. Asked out of turn, what is
 * not known yet moves nothing.
 */
export const decideAfterInquiry = (
  finding: InquiryFinding,
  payment: Payment,
  { at, isOutOfTurn, timings }: InquiryContext,
): TransitionDecision | Observation => {
  const inquiries = (payment.inquiryCount ?? 0) + 1;
  const { transition, detail, change } = decideFromFinding(finding, payment, at, timings);
  const summary = `${isOutOfTurn ? 'asked at once' : `inquiry ${inquiries}`}: ${detail}`;
  if (transition !== 'outcomeUnknown' && transition !== 'chargeNotSent') {
    return { transition, detail: summary, change: { ...change, inquiryCount: inquiries } };
  }
  if (isOutOfTurn) return { observation: summary };
  const dueAt = nextInquiryAt({ ...payment, inquiryCount: inquiries }, at, timings);
  if (dueAt !== undefined) {
    return {
      transition: 'inquiryInconclusive',
      detail: summary,
      change: { inquiryCount: inquiries, dueAt },
    };
  }
  const failure = {
    code: 'outcome-unknown',
    reason: `The PG gave no conclusive answer to ${inquiries} inquiries.`,
    evidence: summary,
  };

  return {
    transition: 'reviewOpened',
    detail: failure.reason,
    change: { inquiryCount: inquiries, failure },
  };
};

/** What was found out, whatever the payment's own state and schedule are. */
export const decideFromFinding = (
  finding: InquiryFinding,
  { attempt }: Payment,
  at: Date,
  timings: Timings,
): TransitionDecision => {
  if (finding.outcome !== 'not-found') return decideTransition(finding, attempt);
  const { isConclusive, evidence } = finding;
  if (!isConclusive) return { transition: 'outcomeUnknown', detail: evidence };
  const reason = 'The payment gateway has not charged it, and will not.';

  return {
    transition: 'declined',
    detail: evidence,
    change: {
      failure: { code: 'not-charged', reason, evidence },
      lateCaptureCheck: nextLateCaptureCheck(0, at, timings),
    },
  };
};
