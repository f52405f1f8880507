import type { Timers } from '../../../../shared/config/timers.ts';
import type { Situation } from '../../../../shared/gateway/conformance/harness.ts';
import type { Intent } from '../../../../shared/gateway/stripe/protocol.ts';
import {
  type PlainAnswer,
  type PlainRequest,
  reply,
} from '../../../../shared/simulators/plain-http.ts';
import {
  asMeant,
  fail,
  type Handled,
  intentFrom,
  inUse,
  listed,
  neverArrived,
  notThere,
  onItsWay,
  settlesAfterMs,
} from './responses.ts';

export interface HeldIntent {
  readonly intent: Intent;
  readonly situation: Situation | undefined;
  readonly at: number;
}

/** The amounts given back of an intent. */
type Refunded = (id: string) => number[];

/** PaymentIntents, and a search for them that lags by `indexLagMs`. */
export const stripeIntents = (timers: Timers, indexLagMs: number) => {
  const held = new Map<string, HeldIntent>();
  const asked = new Map<string, number>();
  const now = () => timers.now().getTime();

  const isWorking = ({ situation, at }: HeldIntent) =>
    situation === 'in-progress' && now() - at < settlesAfterMs;

  const shown = (each: HeldIntent): Intent =>
    isWorking(each) ? { ...each.intent, status: 'processing', amount_received: 0 } : each.intent;

  const create = (params: URLSearchParams): Handled => {
    const amount = Number(params.get('amount'));
    const reference = params.get('metadata[reference]') ?? '';
    const situation = params.get('payment_method')?.replace('pm_', '') as Situation | undefined;
    asked.set(reference, (asked.get(reference) ?? 0) + 1);
    if (situation === 'timeout-before-effect') return neverArrived;

    const blank = intentFrom(params, Math.floor(now() / 1_000));
    const keep = (change: Partial<Intent>): Intent => {
      const intent = { ...blank, ...change };
      held.set(intent.id, { intent, situation, at: now() });

      return intent;
    };

    if (params.get('confirm') !== 'true') return asMeant(reply(200, keep({})));
    if (situation === 'decline' || situation === 'unlisted-code') {
      const declineCode = situation === 'decline' ? 'insufficient_funds' : 'moon_phase';
      const error = { code: 'card_declined', decline_code: declineCode, message: 'Declined.' };
      const intent = keep({ last_payment_error: error });

      return asMeant(fail(402, { type: 'card_error', ...error, payment_intent: intent }));
    }

    const received = situation === 'wrong-amount' ? amount + 1 : amount;
    const answer = reply(
      200,
      keep({ status: 'succeeded', amount: received, amount_received: received }),
    );
    if (situation === 'in-progress') {
      return { told: inUse, kept: answer, busyUntil: now() + settlesAfterMs };
    }

    return onItsWay(answer, situation);
  };

  /** With its charge, where that is asked for. */
  const expanded = (intent: Intent, refunded: Refunded, query: PlainRequest['query']) => {
    const amount_refunded = refunded(intent.id).reduce((sum, amount) => sum + amount, 0);
    const latest = { id: `ch_${intent.id}`, amount_refunded };

    return {
      ...intent,
      latest_charge: query['expand[0]'] === 'data.latest_charge' ? latest : latest.id,
    };
  };

  const search = (query: PlainRequest['query'], refunded: Refunded): PlainAnswer => {
    const value = /^metadata\['reference'\]:'(.*)'$/.exec(query.query ?? '')?.[1];
    const data = [...held.values()]
      .filter(({ at, situation }) => {
        const lag = situation === 'late-approve' ? settlesAfterMs : indexLagMs;

        return now() - at >= lag;
      })
      .filter(({ intent }) => intent.metadata.reference?.toLowerCase() === value?.toLowerCase())
      .map((each) => expanded(shown(each), refunded, query));

    return reply(200, { object: 'search_result', url: '/v1/payment_intents/search', data });
  };

  const retrieve = (id: string): PlainAnswer => {
    const found = held.get(id);

    return found ? reply(200, shown(found)) : notThere;
  };

  const list = (query: PlainRequest['query'], refunded: Refunded): PlainAnswer => {
    const all = [...held.values()].toReversed().map(shown);

    return listed('/v1/payment_intents', all, query, (intent) => expanded(intent, refunded, query));
  };

  const cancel = (id: string): Handled => {
    const found = held.get(id);
    if (!found) return asMeant(notThere);
    if (['succeeded', 'processing', 'canceled'].includes(shown(found).status)) {
      const code = 'payment_intent_unexpected_state';

      return asMeant(fail(400, { type: 'invalid_request_error', code, message: code }));
    }

    const intent = { ...found.intent, status: 'canceled' };
    held.set(id, { ...found, intent });

    return asMeant(reply(200, intent));
  };

  return {
    create,
    search,
    retrieve,
    list,
    cancel,
    get: (id: string) => held.get(id),
    /** What was captured under a reference of ours. */
    captured: (reference: string): Intent[] =>
      [...held.values()]
        .filter(
          (each) =>
            each.intent.metadata.reference === reference && shown(each).status === 'succeeded',
        )
        .map(({ intent }) => intent),
    /** How often a charge was asked for. */
    requests: (reference: string) => asked.get(reference) ?? 0,
  };
};
