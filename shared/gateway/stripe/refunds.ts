import { ambiguous } from '../outcomes.ts';
import type { RefundInquiryOutcome, RefundOutcome, RefundRequest } from '../payment-gateway.ts';
import type { StripeCaller, StripeResponse } from './client.ts';
import { lookUpIntent } from './intents.ts';
import { findRefund, refundOutcome } from './refund-outcomes.ts';

export const refund = async (
  callStripe: StripeCaller,
  request: RefundRequest,
): Promise<RefundOutcome> => {
  const intentId =
    request.transactionId ?? (await findCapturedIntentId(callStripe, request.reference));
  if (typeof intentId !== 'string') return intentId;

  // Stripe deletes a key after a day, but never a refund; and until then a key returns only the refund's
  // first state.
  const existing = findRefund(await listRefunds(callStripe, intentId), request);
  if (existing.outcome !== 'not-found') return existing;

  return refundOutcome(
    await callStripe((stripe) =>
      stripe.refunds.create(
        {
          payment_intent: intentId,
          amount: request.amount,
          metadata: { reference: request.reference, key: request.key },
        },
        { idempotencyKey: request.key },
      ),
    ),
    request,
  );
};

export const inquireRefund = async (
  callStripe: StripeCaller,
  request: RefundRequest,
): Promise<RefundInquiryOutcome> => {
  if (request.transactionId)
    return findRefund(await listRefunds(callStripe, request.transactionId), request);

  const found = await lookUpIntent(callStripe, request);
  if (!('outcome' in found)) return findRefund(await listRefunds(callStripe, found.id), request);

  return found.outcome === 'not-found' ? ambiguous('charge not in the search index yet') : found;
};

/** Reads all refunds of a charge, page by page. Unlike a search, the list is never stale. */
export const listRefunds = (callStripe: StripeCaller, intentId: string): Promise<StripeResponse> =>
  callStripe((stripe) =>
    stripe.refunds
      .list({ payment_intent: intentId, limit: 50 })
      .autoPagingToArray({ limit: 10_000 }),
  );

/**
 * The id of the charge to refund, or the outcome if there is none. `not-found` is not final: the search index
 * may lag.
 */
const findCapturedIntentId = async (
  callStripe: StripeCaller,
  reference: string,
): Promise<string | RefundOutcome> => {
  const found = await lookUpIntent(callStripe, { reference });
  if ('outcome' in found) {
    return found.outcome === 'not-found'
      ? { outcome: 'not-sent', reason: 'charge not in the search index yet' }
      : found;
  }
  if (found.status === 'succeeded') return found.id;
  if (found.status === 'processing') return { outcome: 'in-progress' };

  return { outcome: 'declined', code: 'not_captured', reason: `The charge is ${found.status}.` };
};
