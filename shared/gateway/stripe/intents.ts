import { ambiguous } from '../outcomes.ts';
import type {
  Ambiguous,
  CancelOutcome,
  ChargeOutcome,
  ChargeReference,
  NotFound,
  NotSent,
} from '../payment-gateway.ts';
import {
  cancelledOutcome,
  intentOutcome,
  isConfirmable,
  selectIntent,
  verifyIntentReference,
} from './charge-outcomes.ts';
import type { StripeCaller } from './client.ts';
import type { Intent } from './protocol.ts';

/**
 * The PaymentIntent of a charge with its latest charge: by its id if that is known, otherwise from the search,
 * which may lag behind.
 */
export const lookUpIntent = async (
  callStripe: StripeCaller,
  { reference, transactionId }: Pick<ChargeReference, 'reference' | 'transactionId'>,
): Promise<Intent | NotFound | NotSent | Ambiguous> => {
  if (transactionId !== undefined) {
    const response = await callStripe((stripe) =>
      stripe.paymentIntents.retrieve(transactionId, { expand: ['latest_charge'] }),
    );

    return verifyIntentReference(response, reference);
  }
  const value = reference.replaceAll(/['\\]/g, '\\$&');
  const response = await callStripe((stripe) =>
    stripe.paymentIntents.search({
      query: `metadata['reference']:'${value}'`,
      limit: 10,
      expand: ['data.latest_charge'],
    }),
  );

  return selectIntent(response, reference);
};

/**
 * Cancels an intent. Without an idempotency key: a second cancellation changes nothing, and a key would repeat
 * the refusal of an intent in progress after that has ended.
 */
export const cancelIntent = async (
  callStripe: StripeCaller,
  { id, status }: Intent,
): Promise<CancelOutcome> =>
  cancelledOutcome(
    await callStripe((stripe) =>
      stripe.paymentIntents.cancel(
        id,
        status === 'requires_action' ? { cancellation_reason: 'abandoned' } : {},
      ),
    ),
  );

/**
 * The outcome of an intent; of a captured one without its refunds and disputes. Cancels a declined intent that
 * the buyer's browser could confirm again, because a decline means that no money can move any more.
 */
export const finalOutcome = async (
  callStripe: StripeCaller,
  intent: Intent,
  expected: ChargeReference,
): Promise<ChargeOutcome> => {
  const outcome = intentOutcome(intent, expected);
  if (outcome.outcome !== 'declined' || !isConfirmable(intent)) return outcome;
  const closed = await cancelIntent(callStripe, intent);

  return closed.outcome === 'cancelled'
    ? outcome
    : ambiguous(`PaymentIntent ${intent.id} failed, and its cancellation is ${closed.outcome}`);
};
