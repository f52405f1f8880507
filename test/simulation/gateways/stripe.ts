import Stripe from 'stripe';
import { stripeBehaviours } from '../../support/fakes/stripe/behaviours.ts';
import { canceledAtOf, intentAt } from '../../support/fakes/stripe/intent-states.ts';
import { type StripeEvent, sum } from '../../support/fakes/stripe/responses.ts';
import { createStripeServer } from '../../support/fakes/stripe/server.ts';
import { stripeTestCards } from '../../support/fakes/stripe/test-cards.ts';
import { gatewayAdapters } from './adapters.ts';
import type {
  GatewayTruth,
  GatewayWorldOptions,
  SimulatedGateway,
  SimulatedWebhook,
} from './gateway.ts';

const url = 'http://stripe.test';
export const stripeSecretKey = 'sk_test_simulation';
const signingSecrets = ['whsec_simulation'] as const;

/** What buyers and banks do at Stripe without our service. */
type StripeOutsiders = Pick<ReturnType<typeof createStripeServer>, 'challenges' | 'disputes'>;

/** A model of Stripe. A refund in its dashboard has no metadata: its webhook names only the PaymentIntent. */
export const createStripeWorld = (
  options: GatewayWorldOptions,
): SimulatedGateway & StripeOutsiders => {
  const { now, random, delays, onWebhook, keyLifetimeMs } = options;
  const stripe = createStripeServer({
    clock: { now: () => new Date(now()) },
    randomId: () => random.id().replaceAll('-', ''),
    delays,
    searchLagMs: delays.searchLagMs,
    keyLifetimeMs,
    onEvent: (event) => onWebhook(toWebhook(event)),
  });
  const { server: serve, intents, challenges, refunds, disputes, captured, stateOf } = stripe;

  const truthOf = (reference: string): GatewayTruth => {
    const all = intents.of(reference);
    const captures = captured(reference);
    const paid = captures
      .flatMap(({ id }) => refunds.active(id))
      .filter(({ status }) => status === 'succeeded');
    const isUndecided = all.some((each) =>
      undecidedStatuses.includes(intentAt(each, now()).status),
    );
    const [canceledAt] = all.flatMap((each) => canceledAtOf(each) ?? []);

    return {
      captures: captures.length,
      captured: sum(captures.map((intent) => ({ amount: intent.amount_received }))),
      refunded: sum(paid),
      refundKeys: paid.flatMap(({ metadata }) => metadata?.key ?? []),
      isPending: isUndecided || all.some(({ id }) => refunds.isPending(id)),
      isUndecided,
      ...(canceledAt !== undefined && { cancelledAt: canceledAt }),
    };
  };

  return {
    adapter: 'stripe',
    serve,
    challenges,
    disputes,
    platform: (connection, adapters = gatewayAdapters) => {
      const optionsOf = (timeoutMs: number) => ({
        url,
        secretKey: stripeSecretKey,
        timeoutMs,
        ...connection,
      });

      return {
        openGateway: (_environment, { pgTimeoutMs }) =>
          adapters.createStripeGateway(optionsOf(pgTimeoutMs)),
        openChargeList: (_environment, { pgTimeoutMs }) =>
          adapters.createStripeChargeList(optionsOf(pgTimeoutMs)),
        openReferenceFinder: (_environment, { pgTimeoutMs }) =>
          adapters.createStripeReferenceFinder(optionsOf(pgTimeoutMs)),
        openCheckout: () => ({ gateway: 'stripe', clientKey: 'pk_test_simulation' }),
        openWebhookReader: (_environment, clock) =>
          adapters.verifyWebhook(adapters.readStripeWebhook, {
            secret: async () => signingSecrets,
            clock,
          }),
        tokenFormat: adapters.tokenFormats.stripe,
      };
    },
    secrets: [stripeSecretKey, ...signingSecrets],
    paymentMethods: [...stripeBehaviours(delays).keys()],
    pages: {
      // Stripe.js gives the payment method, and closes without a trace.
      payInWindow: async (_window, paymentMethod) => paymentMethod,
      closeWindow: async () => {},
      challengedMethods: [...stripeTestCards(delays)].flatMap(([method, { isChallenged }]) =>
        isChallenged ? [method] : [],
      ),
      decide: async (page, decision) => {
        challenges.decide(page, decision);
      },
      actionUrls: () =>
        intents
          .references()
          .flatMap(intents.of)
          .flatMap(({ states }) => states)
          .flatMap(({ intent }) => intent.next_action?.redirect_to_url?.url ?? []),
    },
    checkout: (paymentMethod) => paymentMethod,
    methodOf: (token) => token,
    truthOf,
    stateOf,
    references: intents.references,
    refundByHand: async (reference, amount, key) => {
      const [intent] = captured(reference);
      if (intent) await stripe.refundInDashboard(intent.id, amount, key);
    },
  };
};

const undecidedStatuses: readonly string[] = ['processing', 'requires_action'];

const toWebhook = ({ id, type, reference, at, object }: StripeEvent): SimulatedWebhook => {
  const created = Math.floor(at / 1_000);
  const payload = JSON.stringify({ id, object: 'event', type, created, data: { object } });

  return {
    id,
    type,
    reference,
    at,
    request: (now) => ({
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': Stripe.webhooks.generateTestHeaderString({
          timestamp: Math.floor(now.getTime() / 1_000),
          payload,
          secret: signingSecrets[0],
        }),
      },
      body: payload,
    }),
  };
};
