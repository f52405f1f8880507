import type { ChargeOutcome, ChargeRequest } from '../payment-gateway.ts';
import { confirmedIntent } from './charge-outcomes.ts';
import type { StripeCaller } from './client.ts';
import { finalOutcome, lookUpIntent } from './intents.ts';

/**
 * Creates and confirms a PaymentIntent in one request. With a return URL, Stripe may ask for the buyer: then it
 * also reads the intent, because a key repeats its first response after the buyer has decided.
 */
export const charge = async (
  callStripe: StripeCaller,
  request: ChargeRequest,
): Promise<ChargeOutcome> => {
  const { key, reference, amount, currency, paymentMethod, returnUrl } = request;
  const response = await callStripe((stripe) =>
    stripe.paymentIntents.create(
      {
        amount,
        currency: currency.toLowerCase(),
        payment_method: paymentMethod,
        confirm: true,
        ...(returnUrl === undefined ? withoutBuyer : { ...withBuyer, return_url: returnUrl }),
        metadata: { reference },
      },
      { idempotencyKey: key },
    ),
  );
  const intent = confirmedIntent(response);
  if ('outcome' in intent) return intent;
  if (intent.status !== 'requires_action') return finalOutcome(callStripe, intent, request);
  const current = await lookUpIntent(callStripe, { reference, transactionId: intent.id });

  return finalOutcome(callStripe, 'outcome' in current ? intent : current, request);
};

/** The buyer cannot be sent anywhere: a charge that needs it is declined. */
const withoutBuyer = {
  automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  error_on_requires_action: true,
} as const;

const withBuyer = {
  automatic_payment_methods: { enabled: true, allow_redirects: 'always' },
} as const;
