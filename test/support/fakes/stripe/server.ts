import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../../shared/domain/time.ts';
import type { GatewayState } from '../../../../shared/gateway/conformance/harness.ts';
import type { Delays } from '../../../../shared/simulators/gateway/behaviours.ts';
import type { PlainResponse, PlainServer } from '../../../../shared/simulators/plain-http.ts';
import { createChallenges } from './challenges.ts';
import { createDisputeStore } from './disputes.ts';
import { intentAt } from './intent-states.ts';
import { createIntentStore } from './payment-intents.ts';
import { createRefundStore } from './refunds.ts';
import {
  errorResponse,
  type HandledRequest,
  keyInUseResponse,
  type StripeEvent,
} from './responses.ts';

/** After this time, the same key is a new one. */
export const idempotencyTtlMs = 24 * 3_600_000;

/** How long a charge or refund stays in progress or hidden. */
export const settleDelayMs = 20_000;

interface StoredResponse {
  readonly at: number;
  readonly params: string;
  readonly response: PlainResponse;
  readonly busyUntil: number;
}

export interface StripeServerOptions {
  readonly clock: Clock;
  /** An id of letters and digits. */
  readonly randomId?: () => string;
  readonly delays?: Delays;
  /** How long the search does not show a new or changed PaymentIntent. */
  readonly searchLagMs?: number;
  readonly keyLifetimeMs?: number;
  readonly onEvent?: (event: StripeEvent) => void;
}

/**
 * A model of Stripe with the state that stripe-mock lacks: PaymentIntents, a search index that lags, pages on
 * which buyers authenticate, refunds, disputes, events, and idempotency keys that replay their first response and
 * reject other parameters, as docs.stripe.com describes them. The payment method selects the behaviour.
 */
export const createStripeServer = ({
  clock,
  randomId = () => randomUUID().replaceAll('-', ''),
  delays = { slowMs: 5_000, inProgressMs: settleDelayMs, lateMs: settleDelayMs },
  searchLagMs = 0,
  keyLifetimeMs = idempotencyTtlMs,
  onEvent: emit = () => undefined,
}: StripeServerOptions) => {
  const parts = { clock, randomId, delays, searchLagMs, emit };
  const intentOf = (id: string) => intents.get(id);
  const disputes = createDisputeStore(parts, intentOf);
  const refunds = createRefundStore(parts, intentOf, (id) => !disputes.preventsRefunds(id));
  const intents = createIntentStore(parts, {
    refundedAt: refunds.amountAt,
    isDisputedAt: disputes.isDisputedAt,
    dispute: (intent, status, at) => disputes.create(intent, at, { status }),
  });
  const challenges = createChallenges(clock, intents);
  const keys = new Map<string, StoredResponse>();
  const now = () => clock.now().getTime();

  const post = (path: string, params: URLSearchParams, key: string): HandledRequest => {
    if (path === '/v1/payment_intents') return intents.create(params, key);
    if (path === '/v1/refunds') return refunds.create(params, key);

    const [id = '', action] = path.split('/').slice(3);

    return action === 'confirm' ? intents.confirmAgain(id, params, key) : intents.cancel(id);
  };

  const server: PlainServer = async ({ method, path, query, headers, body }) => {
    if (method === 'GET') {
      if (path.endsWith('/search')) return intents.search(query);

      if (path === '/v1/refunds') return refunds.list(query);
      if (path === '/v1/disputes') return disputes.list(query);
      const id = path.split('/')[3];

      return id ? intents.retrieve(id, query) : intents.list(query);
    }

    const { 'idempotency-key': key } = headers;
    if (key === undefined) return post(path, new URLSearchParams(body), '').response;
    const params = `${path}?${body}`;
    const stored = keys.get(key);
    const first = stored && now() - stored.at < keyLifetimeMs ? stored : undefined;
    if (first && first.params !== params) {
      return errorResponse(400, {
        type: 'idempotency_error',
        message: 'Other parameters for this key.',
      });
    }
    if (first) return now() < first.busyUntil ? keyInUseResponse : first.response;

    const { response, storedResponse, busyUntil = 0 } = post(path, new URLSearchParams(body), key);
    if (storedResponse) keys.set(key, { at: now(), params, response: storedResponse, busyUntil });

    return response;
  };

  /** The captured intents of a reference. */
  const captured = (reference: string) =>
    intents
      .of(reference)
      .map((each) => intentAt(each, now()))
      .filter(({ status }) => status === 'succeeded');

  /** Refunds a part of an intent in the dashboard, without our metadata. Does nothing if Stripe refuses it. */
  const refundInDashboard = async (intentId: string, amount: number, key: string) => {
    const form = { payment_intent: intentId, amount: String(amount) };
    await server({
      method: 'POST',
      path: '/v1/refunds',
      query: {},
      headers: { 'idempotency-key': key },
      body: new URLSearchParams(form).toString(),
    });
  };

  const stateOf = (reference: string): GatewayState => ({
    requests: intents.requests(reference),
    captured: captured(reference).map((intent) => intent.amount_received),
    refundRequests: refunds.requests(reference),
    refunded: captured(reference).flatMap(({ id }) =>
      refunds.active(id).map(({ amount }) => amount),
    ),
  });

  return {
    server,
    stateOf,
    captured,
    refundInDashboard,
    intents,
    challenges,
    refunds,
    disputes,
  };
};
