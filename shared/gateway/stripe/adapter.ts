import { systemTimers, type Timers } from '../../config/timers.ts';
import { within } from '../deadline.ts';
import { ambiguous } from '../outcomes.ts';
import type {
  CancelOutcome,
  ChargeReference,
  Declined,
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
  closedOutcome,
  foundIntent,
  ownIntent,
  stateOf,
} from './charge-outcomes.ts';
import { type Ask, askStripe, type Told } from './client.ts';
import { otherUnits, threeDecimals } from './protocol.ts';
import { knownRefund, refundedAmount, refundOutcome } from './refund-outcomes.ts';

export interface StripeGatewayOptions {
  readonly url: string;
  readonly secretKey: string;
  /** For one call of the port, however many requests it takes. */
  readonly timeoutMs: number;
  readonly timers?: Timers;
}

/**
 * Stripe by PaymentIntents that are made and confirmed in one request. Our reference is in their metadata, where a search finds it:
 * as a rule within a minute, in an outage within an hour. A search that finds nothing is therefore no proof, and `cancel` does not
 * rest on one: it closes the charge's idempotency key.
 */
export const stripeGateway = ({
  url,
  secretKey,
  timeoutMs,
  timers = systemTimers,
}: StripeGatewayOptions): PaymentGateway => {
  const call = () => askStripe({ url, secretKey, send: within(timeoutMs, timers) });

  return {
    charge: async (asked) => {
      const unsupported = unsupportedAmount(asked);
      if (unsupported) return unsupported;
      const { key, reference, amount, currency, paymentMethod } = asked;
      const told = await call()((stripe) =>
        stripe.paymentIntents.create(
          {
            amount,
            currency: currency.toLowerCase(),
            payment_method: paymentMethod,
            confirm: true,
            // Nobody is there to be redirected or asked: what would need that is a decline.
            automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
            error_on_requires_action: true,
            metadata: { reference },
          },
          { idempotencyKey: key },
        ),
      );

      return chargeOutcome(told, asked);
    },
    inquire: (asked) => inquire(call(), asked),
    cancel: (asked) => cancel(call(), asked),
    refund: async (asked) => unsupportedAmount(asked) ?? refund(call(), asked),
    inquireRefund: async (asked) => unsupportedAmount(asked) ?? inquireRefund(call(), asked),
  };
};

const search = (ask: Ask, reference: string): Promise<Told> => {
  const value = reference.replaceAll(/['\\]/g, '\\$&');

  return ask((stripe) =>
    stripe.paymentIntents.search({
      query: `metadata['reference']:'${value}'`,
      limit: 10,
      expand: ['data.latest_charge'],
    }),
  );
};

/** A search shows what was given back, too, but later than it was: where it shows nothing the refunds themselves are read. */
const inquire = async (ask: Ask, asked: ChargeReference): Promise<InquiryOutcome> => {
  const { reference, transactionId } = asked;
  const found =
    transactionId === undefined
      ? foundIntent(await search(ask, reference), reference)
      : ownIntent(await ask((stripe) => stripe.paymentIntents.retrieve(transactionId)), reference);
  if ('outcome' in found) return found;
  if (found.status !== 'succeeded') return stateOf(found, asked);
  const shown = typeof found.latest_charge === 'object' && found.latest_charge?.amount_refunded;
  const refunded = shown || refundedAmount(await refundsOf(ask, found.id));

  return typeof refunded === 'number' ? stateOf(found, asked, refunded) : refunded;
};

const cancel = async (ask: Ask, asked: ChargeReference): Promise<CancelOutcome> => {
  const found = foundIntent(await search(ask, asked.reference), asked.reference);
  if ('outcome' in found) {
    if (found.outcome !== 'not-found') return found;
    // Such an amount is never sent, so nothing of it can be on its way; and no intent of it could close the key.
    if (unsupportedAmount(asked)) return { outcome: 'cancelled' };

    return asked.key ? close(ask, asked, asked.key) : found;
  }

  return (
    cancelOutcome(found) ??
    cancelledOutcome(
      await ask((stripe) =>
        stripe.paymentIntents.cancel(found.id, {}, { idempotencyKey: `cnl:${found.id}` }),
      ),
    )
  );
};

/**
 * Takes the charge's key for a PaymentIntent that has no payment method and is never confirmed. If Stripe accepts it, the charge never
 * ran, and should its request still arrive it is refused, for its parameters are not the key's. If Stripe refuses it, the charge
 * was there first. Unlike a search, that answer is never stale.
 */
const close = async (
  ask: Ask,
  { reference, amount, currency }: ChargeReference,
  key: string,
): Promise<CancelOutcome> =>
  closedOutcome(
    await ask((stripe) =>
      stripe.paymentIntents.create(
        { amount, currency: currency.toLowerCase(), metadata: { closes: reference } },
        { idempotencyKey: key },
      ),
    ),
    reference,
  );

const refund = async (ask: Ask, asked: RefundRequest): Promise<RefundOutcome> => {
  const charged = asked.transactionId ?? (await capturedIntent(ask, asked.reference));
  if (typeof charged !== 'string') return charged;

  // Stripe forgets a key after a day, but never a refund; and to the same key it repeats for ever how a refund began.
  const known = knownRefund(await refundsOf(ask, charged), asked);
  if (known.outcome !== 'not-found') return known;

  return refundOutcome(
    await ask((stripe) =>
      stripe.refunds.create(
        {
          payment_intent: charged,
          amount: asked.amount,
          metadata: { reference: asked.reference, key: asked.key },
        },
        { idempotencyKey: asked.key },
      ),
    ),
    asked,
  );
};

const inquireRefund = async (ask: Ask, asked: RefundRequest): Promise<RefundInquiryOutcome> => {
  if (asked.transactionId) return knownRefund(await refundsOf(ask, asked.transactionId), asked);

  const found = foundIntent(await search(ask, asked.reference), asked.reference);
  if (!('outcome' in found)) return knownRefund(await refundsOf(ask, found.id), asked);

  return found.outcome === 'not-found' ? ambiguous('no search finds the charge yet') : found;
};

/** Every refund of a charge, however many pages they fill. Unlike a search, the list is never stale. */
const refundsOf = (ask: Ask, charged: string): Promise<Told> =>
  ask((stripe) =>
    stripe.refunds
      .list({ payment_intent: charged, limit: 50 })
      .autoPagingToArray({ limit: 10_000 }),
  );

/** The id of the charge to pay back, or why there is none. Not found is not final: it may not be in the index yet. */
const capturedIntent = async (ask: Ask, reference: string): Promise<string | RefundOutcome> => {
  const found = foundIntent(await search(ask, reference), reference);
  if ('outcome' in found) {
    return found.outcome === 'not-found'
      ? { outcome: 'not-sent', reason: 'no search finds the charge yet' }
      : found;
  }
  if (found.status === 'succeeded') return found.id;
  if (found.status === 'processing') return { outcome: 'in-progress' };

  return { outcome: 'declined', code: 'not_captured', reason: `The charge is ${found.status}.` };
};

/** Refused before anything is sent: what Stripe would take for another amount, or does not take at all. */
const unsupportedAmount = ({ amount, currency }: Money): Declined | undefined => {
  if (otherUnits.includes(currency)) return notInItsUnit;

  return threeDecimals.includes(currency) && amount % 10 !== 0 ? notInItsSteps : undefined;
};

type Money = Pick<ChargeReference, 'amount' | 'currency'>;

const notInItsSteps: Declined = {
  outcome: 'declined',
  code: 'amount_not_supported',
  reason: 'This gateway takes amounts of that currency in steps of ten thousandths.',
};

const notInItsUnit: Declined = {
  outcome: 'declined',
  code: 'currency_not_supported',
  reason: 'This gateway counts that currency in another unit.',
};
