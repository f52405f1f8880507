import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from '../cli/cli-error.ts';
import { requestToken } from './issuer.ts';
import type { LocalStack } from './stack-descriptor.ts';

export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

export interface TimelineEntry {
  readonly at: string;
  readonly sinceAcceptMs: number;
  readonly kind: string;
  readonly from?: string;
  readonly to?: string;
  readonly detail?: unknown;
}

/** The response of GET /payments/{paymentId}. */
export interface PaymentView {
  readonly paymentId: string;
  readonly orderId: string;
  /** The status for buyers. */
  readonly status: string;
  /** The internal state. */
  readonly stage: string;
  readonly amount: number;
  readonly balanceAmount: number;
  readonly gatewayAmount: number;
  readonly currency: string;
  readonly failure?: { readonly code: string; readonly reason: string };
}

const maxAttempts = 40;

/** How a payment is paid. */
export interface Tenders {
  /** Minor units to take from the balance. */
  readonly balanceAmount?: number;
  /** Token for the part that the gateway charges, which decides what the simulated gateway does. */
  readonly paymentMethod?: string;
}

/** Creates a client for one buyer of the local stack, which uses only the public HTTP API. */
export const createApiClient = async (
  { apiUrl, tokenUrl }: LocalStack,
  name: string,
): Promise<ApiClient> => createTokenClient(apiUrl, await requestToken(tokenUrl, { sub: name }));

/** Creates a client for the buyer of a token. A rejected request for an order, or to read, is thrown as a CliError. */
export const createTokenClient = (apiUrl: string, token: string) => {
  const sendOnce = async (
    method: string,
    path: string,
    key?: string,
    body?: unknown,
  ): Promise<ApiResponse> => {
    const answer = await fetch(`${apiUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(key !== undefined && { 'idempotency-key': key }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

    return { status: answer.status, headers: answer.headers, body: parseBody(await answer.text()) };
  };

  /** Retries on 429, which means that no handler was free and nothing was done. */
  const send = async (...request: Parameters<typeof sendOnce>): Promise<ApiResponse> => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await sendOnce(...request);
      if (answer.status !== 429 || attempt === maxAttempts) return answer;
      await delay(250 + 500 * Math.random());
    }
  };

  const get = async <T>(path: string): Promise<T> => {
    const { status, body } = await send('GET', path);
    if (status !== 200)
      throw new CliError(`GET ${path} answered ${status}: ${JSON.stringify(body)}`);

    return body as T;
  };

  return {
    token,

    async order(lines: readonly Line[], couponId: string | undefined, key: string) {
      const { status, body } = await send('POST', '/orders', key, { lines, couponId });
      if (status !== 201)
        throw new CliError(`POST /orders answered ${status}: ${JSON.stringify(body)}`);

      return body as Readonly<Record<string, unknown>> & { readonly orderId: string };
    },

    pay: (order: { readonly orderId: string }, tenders: Tenders, key: string) =>
      send('POST', '/payments', key, { orderId: order.orderId, order, ...tenders }),

    payment: (paymentId: string) => get<PaymentView>(`/payments/${paymentId}`),

    /** The payments of an order, including stored rejections. */
    async paymentsOf(orderId: string) {
      return (await get<{ items: readonly PaymentView[] }>(`/payments?orderId=${orderId}`)).items;
    },

    async timeline(paymentId: string) {
      const path = `/payments/${paymentId}/timeline`;
      return (await get<{ entries: readonly TimelineEntry[] }>(path)).entries;
    },

    cancel: (paymentId: string, key: string) => send('POST', `/payments/${paymentId}/cancel`, key),

    async points() {
      return (await get<{ points: number }>('/me/points')).points;
    },

    async orderStatus(orderId: string) {
      return (await get<{ status: string }>(`/orders/${orderId}`)).status;
    },
  };
};

export type ApiClient = ReturnType<typeof createTokenClient>;

const parseBody = (text: string): ApiResponse['body'] => {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
};
