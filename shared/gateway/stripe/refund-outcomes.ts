import { ambiguous } from '../outcomes.ts';
import type {
  Ambiguous,
  NotSent,
  RefundInquiryOutcome,
  RefundOutcome,
  RefundRequest,
} from '../payment-gateway.ts';
import { type Told, unclear, unreadable } from './client.ts';
import { declined, refundDecline, unfinished } from './decline-codes.ts';
import { refundAnswer, refundsAnswer, type StripeRefund, timeOf } from './protocol.ts';

/** What became of our refund if it is among these, or why they cannot be seen. */
export const knownRefund = (told: Told, asked: RefundRequest): RefundInquiryOutcome => {
  if ('outcome' in told) return told;
  if (told.kind === 'refused') return unclear(told, told.code);

  const refunds = refundsAnswer.safeParse(told.body).data;
  if (!refunds) return unreadable;
  const ours = refunds.find(({ metadata }) => metadata?.key === asked.key);

  return ours ? madeRefund(ours, asked) : { outcome: 'not-found' };
};

/** What was given back of a charge, or why that cannot be seen. Stripe books a refund when it is made, and takes one that failed back. */
export const refundedAmount = (told: Told): number | NotSent | Ambiguous => {
  if ('outcome' in told) return told;
  if (told.kind === 'refused') return unclear(told, told.code);
  const refunds = refundsAnswer.safeParse(told.body).data;
  if (!refunds) return unreadable;

  return refunds
    .filter(({ status }) => status !== 'failed' && status !== 'canceled')
    .reduce((total, { amount }) => total + amount, 0);
};

export const refundOutcome = (told: Told, asked: RefundRequest): RefundOutcome => {
  if ('outcome' in told) return told;
  if (told.kind === 'refused') return declined(told, refundDecline(told)) ?? unfinished(told);

  const made = refundAnswer.safeParse(told.body).data;

  return made ? madeRefund(made, asked) : unreadable;
};

const madeRefund = (refund: StripeRefund, asked: RefundRequest): RefundOutcome => {
  const { id, status, amount, currency, created, failure_reason } = refund;
  if (amount !== asked.amount || currency.toUpperCase() !== asked.currency) {
    return ambiguous(`paid back ${amount} ${currency} instead`);
  }

  switch (status) {
    case 'succeeded':
      return { outcome: 'refunded', refundId: id, refundedAt: timeOf(created) };
    case 'pending':
      return { outcome: 'in-progress' };
    case 'failed':
    case 'canceled':
      return { outcome: 'declined', code: failure_reason ?? status, reason: `Refund ${status}.` };
  }

  return ambiguous(`refund ${id} is ${status}`);
};
