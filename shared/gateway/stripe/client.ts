import Stripe from 'stripe';
import type { ZodType } from 'zod';
import type { SendRequest } from '../deadline.ts';
import type { Exchange } from '../exchange.ts';
import {
  ambiguous,
  ambiguousStatus,
  type HttpAnswered,
  isAnswered,
  outcomeWithoutAnswer,
} from '../outcomes.ts';
import type { Ambiguous, NotSent } from '../payment-gateway.ts';

/** An error object of Stripe. Whether it proves a decline also depends on the status. */
export interface StripeRejection {
  readonly kind: 'rejected';
  readonly status: number;
  readonly type?: string;
  readonly code?: string;
  readonly declineCode?: string;
  readonly param?: string;
  readonly message: string;
  /** The PaymentIntent in its current state, if the rejection is about one. */
  readonly intent?: unknown;
}

/** The result of one request: a body, a rejection, or the outcome if Stripe did not answer. */
export type StripeResponse =
  | { readonly kind: 'ok'; readonly body: unknown }
  | StripeRejection
  | NotSent
  | Ambiguous;

export type StripeCaller = (
  request: (stripe: Stripe) => Promise<unknown>,
) => Promise<StripeResponse>;

interface ClientOptions {
  readonly url: string;
  readonly secretKey: string;
  readonly send: SendRequest;
}

/** The official SDK over our own HTTP exchange, for one call of the port. */
export const createStripeCaller = ({ url, secretKey, send }: ClientOptions): StripeCaller => {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === 'https:';
  let lastExchange: Exchange | undefined;
  const stripe = new Stripe(secretKey, {
    host: hostname,
    port: port || (secure ? 443 : 80),
    protocol: secure ? 'https' : 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: {
      getClientName: () => 'aftercommit',
      makeRequest: async (host, atPort, path, method, headers, data, scheme) => {
        lastExchange = await send({
          method: method === 'GET' ? 'GET' : 'POST',
          url: new URL(`${scheme}://${host}:${atPort}${path}`),
          headers: headers as Record<string, string>,
          ...(data && { body: data }),
        });

        return toSdkResponse(lastExchange);
      },
    },
  });

  return async (request) => {
    lastExchange = undefined;
    try {
      return { kind: 'ok', body: await request(stripe) };
    } catch (error) {
      // No request was made: a fault of ours, which no outcome may hide.
      if (lastExchange === undefined) throw error;

      return failedResponse(error, lastExchange);
    }
  };
};

export const unreadableResponse = ambiguous('unexpected response format');

/** The body of a lookup, or the outcome if it cannot be read. A rejected lookup proves nothing. */
export const parseLookup = <Found>(
  response: StripeResponse,
  schema: ZodType<Found>,
): Found | NotSent | Ambiguous => {
  if ('outcome' in response) return response;
  if (response.kind === 'rejected') return ambiguousStatus(response.status, response.code);

  return schema.safeParse(response.body).data ?? unreadableResponse;
};

/**
 * The SDK treats any body without `error` as success, whatever the status. And even with `maxNetworkRetries:
 * 0` it retries a request whose error has the code ECONNRESET or EPIPE: the error thrown here has no code.
 */
const toSdkResponse = (result: Exchange) => {
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
        throw new Error('unreadable response');
      }

      return body;
    },
  };
};

const failedResponse = (error: unknown, result: Exchange): StripeResponse =>
  isAnswered(result)
    ? (toRejection(error, result) ?? ambiguousStatus(result.status))
    : outcomeWithoutAnswer(result);

const toRejection = (error: unknown, { status }: HttpAnswered): StripeRejection | undefined => {
  if (!(error instanceof Stripe.errors.StripeError) || error.statusCode === undefined) return;

  return {
    kind: 'rejected',
    status,
    ...(error.rawType && { type: error.rawType }),
    ...(error.code && { code: error.code }),
    ...(error.decline_code && { declineCode: error.decline_code }),
    ...(error.param && { param: error.param }),
    message: error.message,
    ...(error.payment_intent && { intent: error.payment_intent }),
  };
};
