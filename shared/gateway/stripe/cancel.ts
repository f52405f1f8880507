import type { CancelOutcome, ChargeReference } from '../payment-gateway.ts';
import { cancelOutcome, closedReferenceOutcome } from './charge-outcomes.ts';
import type { StripeCaller } from './client.ts';
import { cancelIntent, lookUpIntent } from './intents.ts';
import { declineUnsupportedAmount } from './supported-amounts.ts';

/** Cancels the intent of a charge; if there is none, closes the key of the charge, so that none can follow. */
export const cancel = async (
  callStripe: StripeCaller,
  request: ChargeReference,
): Promise<CancelOutcome> => {
  const found = await lookUpIntent(callStripe, request);
  if (!('outcome' in found)) return cancelOutcome(found) ?? cancelIntent(callStripe, found);
  if (found.outcome !== 'not-found') return found;
  // Such an amount is never sent, so no charge can be on its way; and no intent with it could close the key.
  if (declineUnsupportedAmount(request)) return { outcome: 'cancelled' };

  return request.key ? closeReference(callStripe, request, request.key) : found;
};

/**
 * Uses the charge's idempotency key for a PaymentIntent without a payment method, which is never confirmed.
 * If Stripe accepts it, the charge never ran; should its request still arrive, Stripe rejects it because its
 * parameters differ. If Stripe rejects the intent, the charge was first. Unlike a search, this response is
 * never stale.
 */
const closeReference = async (
  callStripe: StripeCaller,
  { reference, amount, currency }: ChargeReference,
  key: string,
): Promise<CancelOutcome> =>
  closedReferenceOutcome(
    await callStripe((stripe) =>
      stripe.paymentIntents.create(
        { amount, currency: currency.toLowerCase(), metadata: { closes: reference } },
        { idempotencyKey: key },
      ),
    ),
    reference,
  );
