import { randomUUID } from 'node:crypto';
import type {
  GatewayScenario,
  RefundScenario,
} from '../../../../shared/gateway/conformance/harness.ts';
import type { Intent } from '../../../../shared/gateway/stripe/protocol.ts';
import {
  jsonReply,
  type PlainRequest,
  type PlainResponse,
} from '../../../../shared/simulators/plain-http.ts';

/** How long a charge or refund stays in progress or hidden. */
export const settleDelayMs = 20_000;

/** The response to a request, and what its key returns later. */
export interface HandledRequest {
  readonly response: PlainResponse;
  /** What the key returns later; absent if the request never arrived. */
  readonly storedResponse?: PlainResponse;
  /** Until then the key is in use. */
  readonly busyUntil?: number;
}

export const respond = (response: PlainResponse): HandledRequest => ({
  response,
  storedResponse: response,
});

export const noResponse: HandledRequest = { response: { kind: 'hang' } };

/** Applies the scenario to a response. The key returns a lost response later, but a 500 stays a 500. */
export const respondIn = (
  response: PlainResponse,
  scenario: GatewayScenario | RefundScenario | undefined,
): HandledRequest => {
  switch (scenario) {
    case 'timeout-after-effect':
      return { response: { kind: 'hang' }, storedResponse: response };
    case 'garbage-after-effect':
      return {
        response: { kind: 'reply', status: 200, body: '<html>', afterMs: 0 },
        storedResponse: response,
      };
    case 'error-after-effect':
    case 'late-approve':
    case 'late':
      return respond(
        errorResponse(500, { type: 'api_error', message: 'Something went wrong on our side.' }),
      );
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

/** An unconfirmed PaymentIntent from the form fields of its request. */
export const intentFromForm = (params: URLSearchParams, created: number): Intent => ({
  object: 'payment_intent',
  id: `pi_${randomUUID()}`,
  status: 'requires_payment_method',
  amount: Number(params.get('amount')),
  amount_received: 0,
  currency: params.get('currency') ?? '',
  created,
  metadata: parseMetadata(params),
  last_payment_error: null,
});

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
