import { randomUUID } from 'node:crypto';
import type { Timers } from '../../../../shared/domain/time.ts';
import type { GatewayState } from '../../../../shared/gateway/conformance/harness.ts';
import type { PlainResponse, PlainServer } from '../../../../shared/simulators/plain-http.ts';
import { createIntentStore } from './payment-intents.ts';
import { createRefundStore } from './refunds.ts';
import { errorResponse, type HandledRequest, keyInUseResponse } from './responses.ts';

/** After this time, the same key is a new one. */
export const idempotencyTtlMs = 24 * 3_600_000;

interface StoredResponse {
  readonly at: number;
  readonly params: string;
  readonly response: PlainResponse;
  readonly busyUntil: number;
}

interface StripeServerOptions {
  readonly timers: Timers;
  /** How long a new PaymentIntent is missing from searches. */
  readonly indexLagMs?: number;
}

/**
 * A model of Stripe with the state that stripe-mock lacks: PaymentIntents, a search index that lags, refunds,
 * and idempotency keys that replay their first response and reject other parameters, as docs.stripe.com
 * describes them. The payment method `pm_<scenario>` selects the scenario.
 */
export const createStripeServer = ({ timers, indexLagMs = 0 }: StripeServerOptions) => {
  const intents = createIntentStore(timers, indexLagMs);
  const refunds = createRefundStore(timers, intents.get);
  const keys = new Map<string, StoredResponse>();
  const now = () => timers.now().getTime();

  const post = (path: string, params: URLSearchParams): HandledRequest => {
    if (path === '/v1/payment_intents') return intents.create(params);
    if (path === '/v1/refunds') return refunds.create(params);

    return intents.cancel(path.split('/').at(-2) ?? '');
  };

  const server: PlainServer = async ({ method, path, query, headers, body }) => {
    if (method === 'GET') {
      if (path.endsWith('/search')) return intents.search(query, refunds.activeAmounts);

      if (path === '/v1/refunds') return refunds.list(query);
      const id = path.split('/')[3];

      return id ? intents.retrieve(id) : intents.list(query, refunds.activeAmounts);
    }

    const key = headers['idempotency-key'] ?? randomUUID();
    const params = `${path}?${body}`;
    const stored = keys.get(key);
    const first = stored && now() - stored.at < idempotencyTtlMs ? stored : undefined;
    if (first && first.params !== params) {
      return errorResponse(400, {
        type: 'idempotency_error',
        message: 'Other parameters for this key.',
      });
    }
    if (first) return now() < first.busyUntil ? keyInUseResponse : first.response;

    const { response, storedResponse, busyUntil = 0 } = post(path, new URLSearchParams(body));
    if (storedResponse) keys.set(key, { at: now(), params, response: storedResponse, busyUntil });

    return response;
  };

  const stateOf = (reference: string): GatewayState => {
    const captured = intents.captured(reference);

    return {
      requests: intents.requests(reference),
      captured: captured.map((intent) => intent.amount_received),
      refundRequests: refunds.requests(reference),
      refunded: captured.flatMap(({ id }) => refunds.amounts(id)),
    };
  };

  return { server, stateOf };
};
