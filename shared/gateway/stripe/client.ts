import Stripe from 'stripe';
import type { Send } from '../deadline.ts';
import type { Exchange } from '../http-exchange.ts';
import { type Answered, ambiguous, isAnswer, withoutAnswer } from '../outcomes.ts';
import type { Ambiguous, NotSent } from '../payment-gateway.ts';

/** Stripe's own "no": an error object. What it proves hangs on its status, too. */
export interface Refused {
  readonly kind: 'refused';
  readonly status: number;
  readonly type?: string;
  readonly code?: string;
  readonly declineCode?: string;
  readonly param?: string;
  readonly message: string;
}

/** What is known after one request: what Stripe says, that it says no, or the outcome that its silence is. */
export type Told =
  | { readonly kind: 'told'; readonly body: unknown }
  | Refused
  | NotSent
  | Ambiguous;

export type Ask = (request: (stripe: Stripe) => Promise<unknown>) => Promise<Told>;

interface ClientOptions {
  readonly url: string;
  readonly secretKey: string;
  readonly send: Send;
}

/** The official SDK over our own exchange, for one call of the port. */
export const askStripe = ({ url, secretKey, send }: ClientOptions): Ask => {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === 'https:';
  let last: Exchange | undefined;
  const stripe = new Stripe(secretKey, {
    host: hostname,
    port: port || (secure ? 443 : 80),
    protocol: secure ? 'https' : 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: {
      getClientName: () => 'aftercommit',
      makeRequest: async (host, atPort, path, method, headers, data, scheme) => {
        last = await send({
          method: method === 'GET' ? 'GET' : 'POST',
          url: new URL(`${scheme}://${host}:${atPort}${path}`),
          headers: headers as Record<string, string>,
          ...(data && { body: data }),
        });

        return responseOf(last);
      },
    },
  });

  return async (request) => {
    last = undefined;
    try {
      return { kind: 'told', body: await request(stripe) };
    } catch (error) {
      // Nothing was asked: a fault of ours, which no outcome may hide.
      if (last === undefined) throw error;
      if (!isAnswer(last)) return withoutAnswer(last);

      return refusedBy(error, last) ?? unclear(last);
    }
  };
};

export const unreadable = ambiguous('an answer of another shape');

export const unclear = ({ status }: Pick<Answered, 'status'>, code?: string): Ambiguous =>
  ambiguous(`status ${status}, ${code ? `code ${code}` : 'no readable answer'}`);

/**
 * The SDK takes whatever holds no `error` for success, whatever its status. And even with `maxNetworkRetries: 0` it sends a
 * request again whose error has the code ECONNRESET or EPIPE: what is thrown here has none.
 */
const responseOf = (result: Exchange) => {
  if (result.kind !== 'answered') throw new Error(result.reason);

  const { status, body } = result;
  const isError = typeof body === 'object' && body !== null && 'error' in body;
  const isReadable = isError ? status >= 400 : status >= 200 && status < 300;

  return {
    getStatusCode: () => status,
    getHeaders: () => ({}),
    getRawResponse: () => ({}),
    toStream: () => undefined,
    toJSON: async () => {
      if (!isReadable || typeof body !== 'object' || body === null) {
        throw new Error('unreadable answer');
      }

      return body;
    },
  };
};

const refusedBy = (error: unknown, { status }: Answered): Refused | undefined => {
  if (!(error instanceof Stripe.errors.StripeError) || error.statusCode === undefined) return;

  return {
    kind: 'refused',
    status,
    ...(error.rawType && { type: error.rawType }),
    ...(error.code && { code: error.code }),
    ...(error.decline_code && { declineCode: error.decline_code }),
    ...(error.param && { param: error.param }),
    message: error.message,
  };
};
