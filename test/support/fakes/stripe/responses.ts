import type { Clock } from '../../../../shared/domain/time.ts';
import type { Delays } from '../../../../shared/simulators/gateway/behaviours.ts';
import {
  jsonReply,
  type PlainRequest,
  type PlainResponse,
} from '../../../../shared/simulators/plain-http.ts';
import type { StripeBehaviour, StripeRefundBehaviour } from './behaviours.ts';

/** What the parts of the server share. */
export interface StripeParts {
  readonly clock: Clock;
  readonly randomId: () => string;
  readonly delays: Delays;
  /** How long the search does not show a new or changed PaymentIntent. */
  readonly searchLagMs: number;
  readonly emit: (event: StripeEvent) => void;
}

/** An event that Stripe sends to a webhook endpoint. */
export interface StripeEvent {
  readonly id: string;
  readonly type: string;
  /** The reference in the metadata of the PaymentIntent. */
  readonly reference: string;
  /** When it occurs, epoch ms. */
  readonly at: number;
  /** The object that the event is about, in its state then. */
  readonly object: object;
}

/** The response to a request, and what its key returns later. */
export interface HandledRequest {
  readonly response: PlainResponse;
  /** What the key returns later; absent if the request was not executed. */
  readonly storedResponse?: PlainResponse;
  /** Until then the key is in use. */
  readonly busyUntil?: number;
}

export const respond = (response: PlainResponse): HandledRequest => ({
  response,
  storedResponse: response,
});

/** The request is not executed, and Stripe does not save its response. */
export const reject = (response: PlainResponse): HandledRequest => ({ response });

export const noResponse: HandledRequest = { response: { kind: 'hang' } };

/** Applies the behaviour to a response. The key returns a lost response later, but a 500 stays a 500. */
export const respondBy = (
  { response: way }: Pick<StripeBehaviour | StripeRefundBehaviour, 'response'>,
  response: PlainResponse,
  settlesAt: number,
  now: number,
): HandledRequest => {
  switch (way) {
    case 'hang':
      return { response: { kind: 'hang' }, storedResponse: response };
    case 'garbage':
      return {
        response: { kind: 'reply', status: 200, body: '<html>', afterMs: 0 },
        storedResponse: response,
      };
    case 'error':
      return respond(
        errorResponse(500, { type: 'api_error', message: 'Something went wrong on our side.' }),
      );
    case 'key-in-use':
      return { response: keyInUseResponse, storedResponse: response, busyUntil: settlesAt };
    case 'slow':
      return {
        response: response.kind === 'reply' ? { ...response, afterMs: settlesAt - now } : response,
        storedResponse: response,
        busyUntil: settlesAt,
      };
    default:
      return respond(response);
  }
};

/** A page of a list, after the given item. */
export const listPage = <Each extends { readonly id: string }>(
  url: string,
  all: readonly Each[],
  { limit = '10', starting_after: after }: PlainRequest['query'],
  render: (each: Each) => object = (each) => each,
): PlainResponse => {
  const rest = all.slice(all.findIndex(({ id }) => id === after) + 1);
  const data = rest.slice(0, Number(limit)).map(render);

  return jsonReply(200, { object: 'list', url, has_more: data.length < rest.length, data });
};

export const parseMetadata = (params: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    [...params].flatMap(([name, value]) => {
      const field = /^metadata\[(.+)\]$/.exec(name)?.[1];

      return field ? [[field, value]] : [];
    }),
  );

export const errorResponse = (status: number, error: object): PlainResponse =>
  jsonReply(status, { error: { message: 'No.', ...error } });

export const notFoundResponse = errorResponse(404, {
  type: 'invalid_request_error',
  code: 'resource_missing',
});

export const keyInUseResponse = errorResponse(409, {
  type: 'idempotency_error',
  code: 'idempotency_key_in_use',
});

export const rateLimitResponse = errorResponse(429, {
  type: 'invalid_request_error',
  code: 'rate_limit',
});

export const sum = (amounts: readonly { readonly amount: number }[]): number =>
  amounts.reduce((total, { amount }) => total + amount, 0);
