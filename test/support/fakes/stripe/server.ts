import { randomUUID } from 'node:crypto';
import type { Timers } from '../../../../shared/config/timers.ts';
import type { GatewayState } from '../../../../shared/gateway/conformance/harness.ts';
import type { PlainResponse, PlainServer } from '../../../../shared/simulators/plain-http.ts';
import { createIntentStore } from './payment-intents.ts';
import { createRefundStore } from './refunds.ts';
import { errorResponse, type HandledRequest, keyInUseResponse } from './responses.ts';

/** Sent again after it, a key is a new one. */
export const idempotencyTtlMs = 24 * 3_600_000;

interface StoredResponse {
  readonly at: number;
  readonly params: string;
  readonly answer: PlainResponse;
  readonly busyUntil: number;
}

interface StripeServerOptions {
  readonly timers: Timers;
  /** How long a new PaymentIntent is missing from searches. */
  readonly indexLagMs?: number;
}

/**
 * What stripe-mock cannot do, because it remembers nothing: PaymentIntents, searches that lag, refunds, idempotency keys that replay
 * their first answer and refuse other parameters, as docs.stripe.com describes them. The payment method `pm_<situation>` picks what
 * happens.
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
      if (path.endsWith('/search')) return intents.search(query, refunds.standing);

      if (path === '/v1/refunds') return refunds.list(query);
      const id = path.split('/')[3];

      return id ? intents.retrieve(id) : intents.list(query, refunds.standing);
    }

    const key = headers['idempotency-key'] ?? randomUUID();
    const params = `${path}?${body}`;
    const kept = keys.get(key);
    const first = kept && now() - kept.at < idempotencyTtlMs ? kept : undefined;
    if (first && first.params !== params) {
      return errorResponse(400, {
        type: 'idempotency_error',
        message: 'Other parameters for this key.',
      });
    }
    if (first) return now() < first.busyUntil ? keyInUseResponse : first.answer;

    const {
      response: told,
      storedResponse: answer,
      busyUntil = 0,
    } = post(path, new URLSearchParams(body));
    if (answer) keys.set(key, { at: now(), params, answer, busyUntil });

    return told;
  };

  const books = (reference: string): GatewayState => {
    const captured = intents.captured(reference);

    return {
      requests: intents.requests(reference),
      captured: captured.map((intent) => intent.amount_received),
      refundRequests: refunds.requests(reference),
      refunded: captured.flatMap(({ id }) => refunds.paid(id)),
    };
  };

  return { server, books };
};
