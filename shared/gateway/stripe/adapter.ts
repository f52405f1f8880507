import { type DeadlineOptions, withDeadline } from '../deadline.ts';
import { declinedCharge } from '../decline-table.ts';
import { ambiguous } from '../outcomes.ts';
import type {
  CancelOutcome,
  ChargeReference,
  DeclinedCharge,
  InquiryOutcome,
  PaymentGateway,
  RefundInquiryOutcome,
  RefundOutcome,
  RefundRequest,
} from '../payment-gateway.ts';
import {
  cancelledOutcome,
  cancelOutcome,
  chargeOutcome,
  closedReferenceOutcome,
  findIntent,
  intentOutcome,
  verifyIntentReference,
} from './charge-outcomes.ts';
import { createStripeCaller, type StripeCaller, type StripeResponse } from './client.ts';
import { stripeDeclineTable } from './decline-table.ts';
import { minorUnitExceptions, threeDecimalCurrencies } from './protocol.ts';
import { findRefund, refundOutcome, sumRefunds } from './refund-outcomes.ts';

export interface StripeGatewayOptions extends DeadlineOptions {
  readonly url: string;
  readonly secretKey: string;
}

/**
 * The adapter for Stripe. A charge is a PaymentIntent, created and confirmed in one request, with our
 * reference in its metadata. The search index shows it within a minute, in an outage within an hour. An empty
 * search result therefore proves nothing: `cancel` closes the charge's idempotency key instead.
 */
export const createStripeGateway = ({
  url,
  secretKey,
  ...deadline
}: StripeGatewayOptions): PaymentGateway => {
  const createCaller = () => createStripeCaller({ url, secretKey, send: withDeadline(deadline) });

  return {
    charge: async (request) => {
      const declined = declineUnsupportedAmount(request);
      if (declined) return declined;
      const { key, reference, amount, currency, paymentMethod } = request;
      const response = await createCaller()((stripe) =>
        stripe.paymentIntents.create(
          {
            amount,
            currency: currency.toLowerCase(),
            payment_method: paymentMethod,
            confirm: true,
            // The buyer cannot be redirected or asked: a charge that needs it is declined.
            automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
            error_on_requires_action: true,
            metadata: { reference },
          },
          { idempotencyKey: key },
        ),
      );

      return chargeOutcome(response, request);
    },
    inquire: (request) => inquire(createCaller(), request),
    cancel: (request) => cancel(createCaller(), request),
    refund: async (request) => declineUnsupportedAmount(request) ?? refund(createCaller(), request),
    inquireRefund: async (request) =>
      declineUnsupportedAmount(request) ?? inquireRefund(createCaller(), request),
  };
};

const searchIntents = (callStripe: StripeCaller, reference: string): Promise<StripeResponse> => {
  const value = reference.replaceAll(/['\\]/g, '\\$&');

  return callStripe((stripe) =>
    stripe.paymentIntents.search({
      query: `metadata['reference']:'${value}'`,
      limit: 10,
    }),
  );
};

/** A search shows changes late, so the refunded amount comes from the list of refunds, which is never stale. */
const inquire = async (
  callStripe: StripeCaller,
  request: ChargeReference,
): Promise<InquiryOutcome> => {
  const { reference, transactionId } = request;
  const found =
    transactionId === undefined
      ? findIntent(await searchIntents(callStripe, reference), reference)
      : verifyIntentReference(
          await callStripe((stripe) => stripe.paymentIntents.retrieve(transactionId)),
          reference,
        );
  if ('outcome' in found) return found;
  if (found.status !== 'succeeded') return intentOutcome(found, request);
  const refunded = sumRefunds(await listRefunds(callStripe, found.id));

  return typeof refunded === 'number' ? intentOutcome(found, request, refunded) : refunded;
};

const cancel = async (
  callStripe: StripeCaller,
  request: ChargeReference,
): Promise<CancelOutcome> => {
  const found = findIntent(await searchIntents(callStripe, request.reference), request.reference);
  if ('outcome' in found) {
    if (found.outcome !== 'not-found') return found;
    // Such an amount is never sent, so no charge can be on its way; and no intent with it could close the key.
    if (declineUnsupportedAmount(request)) return { outcome: 'cancelled' };

    return request.key ? closeReference(callStripe, request, request.key) : found;
  }

  return (
    cancelOutcome(found) ??
    cancelledOutcome(
      await callStripe((stripe) =>
        stripe.paymentIntents.cancel(found.id, {}, { idempotencyKey: `cnl:${found.id}` }),
      ),
    )
  );
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

const refund = async (callStripe: StripeCaller, request: RefundRequest): Promise<RefundOutcome> => {
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

const inquireRefund = async (
  callStripe: StripeCaller,
  request: RefundRequest,
): Promise<RefundInquiryOutcome> => {
  if (request.transactionId)
    return findRefund(await listRefunds(callStripe, request.transactionId), request);

  const found = findIntent(await searchIntents(callStripe, request.reference), request.reference);
  if (!('outcome' in found)) return findRefund(await listRefunds(callStripe, found.id), request);

  return found.outcome === 'not-found' ? ambiguous('charge not in the search index yet') : found;
};

/** Reads all refunds of a charge, page by page. Unlike a search, the list is never stale. */
const listRefunds = (callStripe: StripeCaller, intentId: string): Promise<StripeResponse> =>
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
  const found = findIntent(await searchIntents(callStripe, reference), reference);
  if ('outcome' in found) {
    return found.outcome === 'not-found'
      ? { outcome: 'not-sent', reason: 'charge not in the search index yet' }
      : found;
  }
  if (found.status === 'succeeded') return found.id;
  if (found.status === 'processing') return { outcome: 'in-progress' };

  return { outcome: 'declined', code: 'not_captured', reason: `The charge is ${found.status}.` };
};

/** Declines, before anything is sent, an amount that Stripe would misread or does not accept. */
const declineUnsupportedAmount = ({ amount, currency }: Money): DeclinedCharge | undefined => {
  if (minorUnitExceptions.includes(currency)) return unsupportedCurrencyUnit;

  return threeDecimalCurrencies.includes(currency) && amount % 10 !== 0
    ? unsupportedAmountStep
    : undefined;
};

type Money = Pick<ChargeReference, 'amount' | 'currency'>;

const unsupportedAmountStep = declinedCharge(
  stripeDeclineTable,
  'amount_not_supported',
  'Amounts in this currency must be multiples of 10 minor units.',
);

const unsupportedCurrencyUnit = declinedCharge(
  stripeDeclineTable,
  'currency_not_supported',
  'This gateway uses a different minor unit for this currency.',
);
