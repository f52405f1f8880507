import type { HistoryEntry, Payment, PaymentChange } from '../domain/payment.ts';
import type { TransitionName } from '../domain/transitions.ts';
import type { Approved, ChargeOutcome } from './port.ts';

/** How a payment moves on the PG's answer, and what of the answer is kept as evidence. */
export interface Verdict {
  readonly transition: TransitionName;
  readonly detail: string;
  readonly change?: PaymentChange;
  /** What the PG was asked for it, and on whose wish if that was out of turn. */
  readonly asked?: HistoryEntry['asked'];
  readonly wish?: HistoryEntry['wish'];
}

/** A payment that its coupon covers is paid without asking. */
export const nothingToCharge = (at: Date): Approved => ({
  outcome: 'approved',
  transactionId: 'nothing-to-charge',
  approvedAt: at.toISOString(),
});

/** What an answer to a charge means. Only a documented refusal is one; whatever is not conclusive leaves the money held. */
export const verdictOf = (outcome: ChargeOutcome, attempt: Payment['attempt']): Verdict => {
  switch (outcome.outcome) {
    case 'approved': {
      const { transactionId, approvedAt } = outcome;

      return {
        transition: 'captured',
        detail: `approved as ${transactionId}`,
        change: { pg: { transactionId, approvedAt } },
      };
    }
    case 'declined':
      return {
        transition: 'declined',
        detail: `declined: ${outcome.code}`,
        change: {
          failure: {
            code: outcome.code,
            reason: outcome.reason,
            evidence: `The PG answered attempt ${attempt} with the documented refusal ${outcome.code}.`,
          },
        },
      };
    case 'not-sent':
      return { transition: 'unsent', detail: `not sent: ${outcome.reason}` };
    case 'in-progress':
      return { transition: 'outcomeUnknown', detail: 'the PG is still working on it' };
    case 'ambiguous':
      return { transition: 'outcomeUnknown', detail: `ambiguous: ${outcome.reason}` };
    case 'mismatch':
      return {
        transition: 'reviewOpened',
        detail: `approved something else: ${outcome.differences.join(', ')}`,
        change: {
          failure: {
            code: 'pg-mismatch',
            reason: 'The PG approved something else than was asked for.',
            evidence: `${outcome.transactionId}: ${outcome.differences.join(', ')}`,
          },
        },
      };
  }
};
