import { randomUUID } from 'node:crypto';
import { type PlainAnswer, reply } from '../../shared/outside/plain-http.ts';
import type { Situation } from '../../shared/pg/conformance/bench.ts';
import type { Intent } from '../../shared/pg/stripe-protocol.ts';

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

/** What becomes of an approval on its way: the outcome stands, its answer does not. */
export const spoilt = (answer: PlainAnswer, situation: Situation | undefined): PlainAnswer => {
  switch (situation) {
    case 'timeout-after-effect':
      return { kind: 'hang' };
    case 'error-after-effect':
    case 'late-approve':
      return fail(500, { type: 'api_error', message: 'Something went wrong on our side.' });
    case 'garbage-after-effect':
      return { kind: 'reply', status: 200, body: '<html>', afterMs: 0 };
    case 'in-progress':
      return inUse;
    default:
      return answer;
  }
};

export const fail = (status: number, error: object): PlainAnswer =>
  reply(status, { error: { message: 'No.', ...error } });

export const inUse = fail(409, { type: 'idempotency_error', code: 'idempotency_key_in_use' });
