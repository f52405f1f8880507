import { randomUUID } from 'node:crypto';
import type { RefundSituation, Situation } from '../../../../shared/gateway/conformance/harness.ts';
import type { Intent } from '../../../../shared/gateway/stripe/protocol.ts';
import {
  type PlainAnswer,
  type PlainRequest,
  reply,
} from '../../../../shared/simulators/plain-http.ts';

/** How long it stays in progress, or hides what it did. */
export const settlesAfterMs = 20_000;

/** What a request comes to. */
export interface Handled {
  readonly told: PlainAnswer;
  /** What its key repeats from now on; none where the request never arrived. */
  readonly kept?: PlainAnswer;
  /** Until then its key is in use. */
  readonly busyUntil?: number;
}

export const asMeant = (answer: PlainAnswer): Handled => ({ told: answer, kept: answer });

export const neverArrived: Handled = { told: { kind: 'hang' } };

/** What becomes of an answer on its way. A lost one is repeated to its key as it was meant; a 500 is one for ever. */
export const onItsWay = (
  meant: PlainAnswer,
  situation: Situation | RefundSituation | undefined,
): Handled => {
  switch (situation) {
    case 'timeout-after-effect':
      return { told: { kind: 'hang' }, kept: meant };
    case 'garbage-after-effect':
      return { told: { kind: 'reply', status: 200, body: '<html>', afterMs: 0 }, kept: meant };
    case 'error-after-effect':
    case 'late-approve':
    case 'late':
      return asMeant(
        fail(500, { type: 'api_error', message: 'Something went wrong on our side.' }),
      );
    default:
      return asMeant(meant);
  }
};

/** A page of a list: so many as are asked for, after one of them. */
export const listed = <Each extends { readonly id: string }>(
  url: string,
  all: readonly Each[],
  { limit = '10', starting_after: after }: PlainRequest['query'],
  shown: (each: Each) => object = (each) => each,
): PlainAnswer => {
  const rest = all.slice(all.findIndex(({ id }) => id === after) + 1);
  const data = rest.slice(0, Number(limit)).map(shown);

  return reply(200, { object: 'list', url, has_more: data.length < rest.length, data });
};

/** A PaymentIntent as these form fields make it, before it is confirmed. */
export const intentFrom = (params: URLSearchParams, created: number): Intent => ({
  object: 'payment_intent',
  id: `pi_${randomUUID()}`,
  status: 'requires_payment_method',
  amount: Number(params.get('amount')),
  amount_received: 0,
  currency: params.get('currency') ?? '',
  created,
  metadata: metadataIn(params),
  last_payment_error: null,
});

export const metadataIn = (params: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    [...params].flatMap(([name, value]) => {
      const field = /^metadata\[(.+)\]$/.exec(name)?.[1];

      return field ? [[field, value]] : [];
    }),
  );

export const fail = (status: number, error: object): PlainAnswer =>
  reply(status, { error: { message: 'No.', ...error } });

export const notThere = fail(404, { type: 'invalid_request_error', code: 'resource_missing' });

export const inUse = fail(409, { type: 'idempotency_error', code: 'idempotency_key_in_use' });
