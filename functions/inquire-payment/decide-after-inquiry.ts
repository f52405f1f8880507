import {
  decideTransition,
  type TransitionDecision,
} from '../../shared/application/payments/decide-transition.ts';
import type { InquiryFinding } from '../../shared/application/payments/inquire-conclusively.ts';
import {
  endedWaitFailureOf,
  hasWaitedForBuyer,
} from '../../shared/domain/payments/buyer-action.ts';
import type { OwnFailureCode } from '../../shared/domain/payments/buyer-failure.ts';
import {
  nextInquiryAt,
  nextLateCaptureCheck,
} from '../../shared/domain/payments/inquiry-schedule.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { Observation } from './types.ts';

interface InquiryContext {
  readonly at: Date;
  /** Requested, not scheduled: it counts as none of the scheduled inquiries. */
  readonly isImmediate: boolean;
  readonly timings: Timings;
}

/**
 * Decides the transition of a payment with an unknown outcome: to a final status, back to its buyer, to its next
 * inquiry, or to a review. An inconclusive immediate inquiry changes nothing.
 */
export const decideAfterInquiry = (
  finding: InquiryFinding,
  payment: Payment,
  { at, isImmediate, timings }: InquiryContext,
): TransitionDecision | Observation => {
  const inquiries = (payment.inquiryCount ?? 0) + 1;
  const { transition, detail, change } = decideFromFinding(finding, payment, at, timings);
  const summary = `${isImmediate ? 'immediate inquiry' : `inquiry ${inquiries}`}: ${detail}`;
  if (transition !== 'outcomeUnknown' && transition !== 'chargeNotSent') {
    return { transition, detail: summary, change: { inquiryCount: inquiries, ...change } };
  }
  if (isImmediate) return { observation: summary };
  const dueAt = nextInquiryAt({ ...payment, inquiryCount: inquiries }, at, timings);
  if (dueAt !== undefined) {
    return {
      transition: 'inquiryInconclusive',
      detail: summary,
      change: { inquiryCount: inquiries, dueAt },
    };
  }
  const failure = {
    code: 'outcome-unknown' satisfies OwnFailureCode,
    reason: `The gateway gave no conclusive answer to ${inquiries} inquiries.`,
    evidence: summary,
  };

  return {
    transition: 'reviewOpened',
    detail: failure.reason,
    change: { inquiryCount: inquiries, failure },
  };
};

/** Decides from the finding alone, independent of the payment's status and schedule. */
export const decideFromFinding = (
  finding: InquiryFinding,
  payment: Payment,
  at: Date,
  timings: Timings,
): TransitionDecision => {
  if (finding.outcome === 'declined' && finding.isCancelled) {
    const { code, reason } = finding;

    return decideAbsence(payment, `cancelled at the gateway: ${code} (${reason})`, { at, timings });
  }
  if (finding.outcome !== 'not-found') return decideTransition(finding, payment, at, timings);
  const { isConclusive, evidence, hasWaited } = finding;
  if (!isConclusive) return { transition: 'outcomeUnknown', detail: evidence };

  return decideAbsence(payment, evidence, { at, timings, hasWaited });
};

interface AbsenceContext extends Pick<InquiryContext, 'at' | 'timings'> {
  readonly hasWaited?: boolean | undefined;
}

/** The gateway has no charge and will make none. If it did all the same, the late-capture checks find it. */
const decideAbsence = (
  payment: Payment,
  evidence: string,
  { at, timings, hasWaited = hasWaitedForBuyer(payment) }: AbsenceContext,
): TransitionDecision => ({
  transition: 'declined',
  detail: evidence,
  change: {
    failure: { ...(hasWaited ? endedWaitFailureOf(payment) : notCharged), evidence },
    lateCaptureCheck: nextLateCaptureCheck(0, at, timings),
  },
});

const notCharged = {
  code: 'not-charged' satisfies OwnFailureCode,
  reason: 'The payment gateway has not charged the payment and will not.',
};
