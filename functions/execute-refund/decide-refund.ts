import type { RefundAttemptOutcome } from '../../shared/application/refunds/refund-idempotently.ts';
import {
  type RefundFailureCode,
  refundDeclined,
} from '../../shared/domain/payments/buyer-failure.ts';
import type { Failure } from '../../shared/domain/payments/payment.ts';
import type { Refund, RefundChange } from '../../shared/domain/refunds/refund.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { NotSent } from '../../shared/gateway/payment-gateway.ts';

/** The transition that a gateway outcome leads to, and the data to store with it. */
export type RefundDecision = { readonly detail: string } & (
  | { readonly name: 'succeeded'; readonly pg?: NonNullable<Refund['pg']> }
  | { readonly name: 'failed'; readonly failure: Failure }
  | { readonly name: 'attemptInconclusive' | 'reviewOpened'; readonly change: RefundChange }
);

/** The decision on a refund of which the gateway has no part. */
export const decideWithoutGateway = ({ amount }: Refund): RefundDecision => ({
  name: 'succeeded',
  detail: amount > 0 ? 'refunded to the balance' : 'no amount to refund',
});

/**
 * Decides the next transition of a refund after a gateway call. Only a documented decline fails it. An
 * inconclusive outcome keeps both parts of its amount reserved until it is known or an operator decides.
 */
export const decideRefund = (
  finding: Exclude<RefundAttemptOutcome, NotSent>,
  refund: Refund,
  at: Date,
  timings: Timings,
): RefundDecision => {
  switch (finding.outcome) {
    case 'refunded': {
      const { refundId, refundedAt } = finding;

      return {
        name: 'succeeded',
        detail: `refunded as ${refundId}`,
        pg: { refundId, refundedAt },
      };
    }
    case 'declined': {
      const { code, reason } = finding;
      const evidence = `The gateway declined the refund with the documented code ${code}: ${reason}`;
      if (refund.isForCancellation) return declinedCancellation(refund, evidence);

      return {
        name: 'failed',
        detail: `declined: ${code} (${reason})`,
        failure: { ...refundDeclined, evidence },
      };
    }
    case 'key-expired':
      return openReviewDecision(
        refund,
        'refund not found at the gateway, and its idempotency key may have expired',
      );
    default: {
      const { outcome } = finding;
      const detail = 'reason' in finding ? `${outcome}: ${finding.reason}` : outcome;
      const attempts = refund.attempts + 1;
      const delayMs = timings.inquiryBackoffMs[refund.attempts];
      if (delayMs === undefined) return openReviewDecision({ ...refund, attempts }, detail);
      const dueAt = new Date(at.getTime() + delayMs).toISOString();
      // From now on the gateway may have the refund.
      const firstSentAt = refund.firstSentAt ?? at.toISOString();

      return {
        name: 'attemptInconclusive',
        detail: `attempt ${attempts}: ${detail}`,
        change: { attempts, dueAt, firstSentAt },
      };
    }
  }
};

/** The buyer was notified of the cancellation, so only an operator may keep the payment captured. */
const declinedCancellation = ({ attempts }: Refund, evidence: string): RefundDecision => {
  const reason = 'The payment was cancelled, and the gateway declined the refund.';
  const failure = { code: 'cancel-refund-declined' satisfies RefundFailureCode, reason, evidence };

  return { name: 'reviewOpened', detail: reason, change: { attempts, failure } };
};

const openReviewDecision = ({ attempts }: Refund, detail: string): RefundDecision => {
  const reason = 'The outcome of the refund at the gateway is unknown.';
  const failure = {
    code: 'outcome-unknown' satisfies RefundFailureCode,
    reason,
    evidence: `attempt ${attempts}: ${detail}`,
  };

  return { name: 'reviewOpened', detail: failure.evidence, change: { attempts, failure } };
};
