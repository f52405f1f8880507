import { ambiguous } from '../outcomes.ts';
import type {
  Ambiguous,
  NotSent,
  RefundInquiryOutcome,
  RefundOutcome,
  RefundRequest,
} from '../payment-gateway.ts';
import { parseLookup, type StripeResponse, unreadableResponse } from './client.ts';
import { inProgressOrAmbiguous, refundDeclineCode } from './decline-codes.ts';
import {
  isoTimeOf,
  refundListResponse,
  type StripeRefund,
  stripeRefundResponse,
} from './protocol.ts';

/** The outcome of our refund if the list has it; an error outcome if the list cannot be read. */
export const findRefund = (
  response: StripeResponse,
  expected: RefundRequest,
): RefundInquiryOutcome => {
  const refunds = parseLookup(response, refundListResponse);
  if ('outcome' in refunds) return refunds;
  const ours = refunds.find(({ metadata }) => metadata?.key === expected.key);

  return ours ? refundStatusOutcome(ours, expected) : { outcome: 'not-found' };
};

/**
 * The refunded amount of a charge, or an error outcome. Stripe counts a refund when it is created, and
 * reverses a failed one.
 */
export const sumRefunds = (response: StripeResponse): number | NotSent | Ambiguous => {
  const refunds = parseLookup(response, refundListResponse);
  if ('outcome' in refunds) return refunds;

  return refunds
    .filter(({ status }) => status !== 'failed' && status !== 'canceled')
    .reduce((total, { amount }) => total + amount, 0);
};

export const refundOutcome = (response: StripeResponse, expected: RefundRequest): RefundOutcome => {
  if ('outcome' in response) return response;
  if (response.kind === 'rejected') {
    const code = refundDeclineCode(response);

    return code === undefined
      ? inProgressOrAmbiguous(response)
      : { outcome: 'declined', code, reason: response.message };
  }

  const refund = stripeRefundResponse.safeParse(response.body).data;

  return refund ? refundStatusOutcome(refund, expected) : unreadableResponse;
};

const refundStatusOutcome = (refund: StripeRefund, expected: RefundRequest): RefundOutcome => {
  const { id, status, amount, currency, created, failure_reason } = refund;
  if (amount !== expected.amount || currency.toUpperCase() !== expected.currency) {
    return ambiguous(`refunded ${amount} ${currency} instead`);
  }

  switch (status) {
    case 'succeeded':
      return { outcome: 'refunded', refundId: id, refundedAt: isoTimeOf(created) };
    case 'pending':
      return { outcome: 'in-progress' };
    case 'failed':
    case 'canceled':
      return { outcome: 'declined', code: failure_reason ?? status, reason: `Refund ${status}.` };
  }

  return ambiguous(`refund ${id} is ${status}`);
};
