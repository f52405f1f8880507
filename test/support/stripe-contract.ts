import { randomUUID } from 'node:crypto';
import { type PlainAnswer, type PlainServer, reply } from '../../shared/outside/plain-http.ts';
import type { PgBooks, Situation } from '../../shared/pg/conformance/bench.ts';
import type { Intent, StripeRefund } from '../../shared/pg/stripe-protocol.ts';
import type { Timers } from '../../shared/pg/timers.ts';
import { fail, intentFrom, inUse, metadataIn, spoilt } from './stripe-answers.ts';

/** How long it stays in progress, or hides a charge from searches. */
export const settlesAfterMs = 20_000;

/** Sent again after it, a key is a new one. */
export const keyLifetimeMs = 24 * 3_600_000;

interface Held {
  readonly intent: Intent;
  readonly situation: Situation | undefined;
  readonly at: number;
}

interface Kept {
  readonly at: number;
  readonly params: string;
  readonly answer: PlainAnswer;
  readonly busyUntil: number;
}

interface ContractOptions {
  readonly timers: Timers;
  /** How long a new PaymentIntent is missing from searches. */
  readonly indexLagMs?: number;
  /** What a refund is at first; it succeeds when it is looked at again. */
  readonly refundStatus?: 'succeeded' | 'pending';
}

/**
 * What stripe-mock cannot do, because it remembers nothing: PaymentIntents, searches that lag, refunds, idempotency keys that replay
 * their first answer and refuse other parameters, as docs.stripe.com describes them. The payment method `pm_<situation>` picks what
 * happens.
 */
export const stripeContract = ({
  timers,
  indexLagMs = 0,
  refundStatus = 'succeeded',
}: ContractOptions) => {
  const held = new Map<string, Held>();
  const refunds = new Map<string, StripeRefund & { readonly payment_intent: string }>();
  const keys = new Map<string, Kept>();
  const asked = new Map<string, number>();
  const now = () => timers.now().getTime();
  const seconds = () => Math.floor(now() / 1_000);

  const create = (params: URLSearchParams): PlainAnswer => {
    const amount = Number(params.get('amount'));
    const reference = params.get('metadata[reference]') ?? '';
    const situation = params.get('payment_method')?.replace('pm_', '') as Situation | undefined;
    asked.set(reference, (asked.get(reference) ?? 0) + 1);
    if (situation === 'timeout-before-effect') return { kind: 'hang' };

    const blank = intentFrom(params, seconds());
    const keep = (change: Partial<Intent>): Intent => {
      const intent = { ...blank, ...change };
      held.set(intent.id, { intent, situation, at: now() });

      return intent;
    };

    if (params.get('confirm') !== 'true') return reply(200, keep({}));
    if (situation === 'decline' || situation === 'unlisted-code') {
      const declineCode = situation === 'decline' ? 'insufficient_funds' : 'moon_phase';
      const error = { code: 'card_declined', decline_code: declineCode, message: 'Declined.' };

      return fail(402, {
        type: 'card_error',
        ...error,
        payment_intent: keep({ last_payment_error: error }),
      });
    }

    const received = situation === 'wrong-amount' ? amount + 1 : amount;

    return spoilt(
      reply(200, keep({ status: 'succeeded', amount: received, amount_received: received })),
      situation,
    );
  };

  const search = (query: string): PlainAnswer => {
    const value = /^metadata\['reference'\]:'(.*)'$/.exec(query)?.[1];
    const data = [...held.values()]
      .filter(({ at, situation }) => {
        const lag = situation === 'late-approve' ? settlesAfterMs : indexLagMs;

        return now() - at >= lag;
      })
      .filter(({ intent }) => intent.metadata.reference?.toLowerCase() === value?.toLowerCase())
      .map(shownIntent);

    return reply(200, { object: 'search_result', url: '/v1/payment_intents/search', data });
  };

  const isWorking = ({ situation, at }: Held) =>
    situation === 'in-progress' && now() - at < settlesAfterMs;

  const shownIntent = (each: Held): Intent =>
    isWorking(each) ? { ...each.intent, status: 'processing', amount_received: 0 } : each.intent;

  const cancel = (id: string): PlainAnswer => {
    const found = held.get(id);
    if (!found) return fail(404, { type: 'invalid_request_error', code: 'resource_missing' });
    if (['succeeded', 'processing', 'canceled'].includes(shownIntent(found).status)) {
      const code = 'payment_intent_unexpected_state';

      return fail(400, { type: 'invalid_request_error', code, message: code });
    }

    const intent = { ...found.intent, status: 'canceled' };
    held.set(id, { ...found, intent });

    return reply(200, intent);
  };

  const refund = (params: URLSearchParams): PlainAnswer => {
    const found = held.get(params.get('payment_intent') ?? '');
    const amount = Number(params.get('amount'));
    const paid = [...refunds.values()]
      .filter(({ payment_intent }) => payment_intent === found?.intent.id)
      .reduce((sum, each) => sum + each.amount, 0);
    if (!found) return fail(404, { type: 'invalid_request_error', code: 'resource_missing' });
    if (amount > found.intent.amount_received - paid) {
      const message = 'Refund amount is greater than unrefunded amount on charge';

      return fail(400, { type: 'invalid_request_error', param: 'amount', message });
    }

    const made = {
      object: 'refund',
      id: `re_${randomUUID()}`,
      status: 'succeeded',
      amount,
      currency: found.intent.currency,
      created: seconds(),
      payment_intent: found.intent.id,
      metadata: metadataIn(params),
    } as const;
    refunds.set(made.id, made);

    return reply(200, { ...made, status: refundStatus });
  };

  const list = (intent: string): PlainAnswer =>
    reply(200, {
      object: 'list',
      data: [...refunds.values()].filter(({ payment_intent }) => payment_intent === intent),
    });

  const route = (path: string, params: URLSearchParams): PlainAnswer => {
    if (path === '/v1/payment_intents') return create(params);
    if (path === '/v1/refunds') return refund(params);

    return cancel(path.split('/').at(-2) ?? '');
  };

  const server: PlainServer = async ({ method, path, query, headers, body }) => {
    if (method === 'GET') {
      return path.endsWith('/search')
        ? search(query.query ?? '')
        : list(query.payment_intent ?? '');
    }

    const key = headers['idempotency-key'] ?? randomUUID();
    const params = new URLSearchParams(body);
    const kept = keys.get(key);
    const first = kept && now() - kept.at < keyLifetimeMs ? kept : undefined;
    if (first && first.params !== `${path}?${body}`) {
      return fail(400, { type: 'idempotency_error', message: 'Other parameters for this key.' });
    }
    if (first) return now() < first.busyUntil ? inUse : first.answer;

    const before = held.size;
    const answer = route(path, params);
    const made = held.size > before ? [...held.values()].at(-1) : undefined;
    const isLost = answer.kind === 'hang' || (made && isWorking(made)) || answer.status === 200;
    if (made || answer.kind === 'reply') {
      keys.set(key, {
        at: now(),
        params: `${path}?${body}`,
        // A lost answer is repeated as it was meant; a 500 is one for ever.
        answer: made && isLost ? reply(200, made.intent) : answer,
        busyUntil: made && isWorking(made) ? now() + settlesAfterMs : 0,
      });
    }

    return answer;
  };

  const books = (reference: string): PgBooks => {
    const captured = [...held.values()].filter(
      (each) =>
        each.intent.metadata.reference === reference && shownIntent(each).status === 'succeeded',
    );

    return {
      requests: asked.get(reference) ?? 0,
      captured: captured.map(({ intent }) => intent.amount_received),
      refunded: [...refunds.values()]
        .filter(({ payment_intent: id }) => captured.some(({ intent }) => intent.id === id))
        .map(({ amount }) => amount),
    };
  };

  return { server, books };
};
