import type { Timers } from '../../../../shared/config/timers.ts';
import type { GatewayScenario } from '../../../../shared/gateway/conformance/harness.ts';
import type { Intent } from '../../../../shared/gateway/stripe/protocol.ts';
import {
  jsonReply,
  type PlainRequest,
  type PlainResponse,
} from '../../../../shared/simulators/plain-http.ts';
import {
  errorResponse,
  type HandledRequest,
  intentFromForm,
  keyInUseResponse,
  listPage,
  noResponse,
  notFoundResponse,
  respond,
  respondIn,
  settleDelayMs,
} from './responses.ts';

export interface StoredIntent {
  readonly intent: Intent;
  readonly situation: GatewayScenario | undefined;
  readonly at: number;
}

/** The amounts given back of an intent. */
type RefundAmountsOf = (id: string) => number[];

/** PaymentIntents, and a search for them that lags by `indexLagMs`. */
export const createIntentStore = (timers: Timers, indexLagMs: number) => {
  const stored = new Map<string, StoredIntent>();
  const requestCounts = new Map<string, number>();
  const now = () => timers.now().getTime();

  const isWorking = ({ situation, at }: StoredIntent) =>
    situation === 'in-progress' && now() - at < settleDelayMs;

  const render = (each: StoredIntent): Intent =>
    isWorking(each) ? { ...each.intent, status: 'processing', amount_received: 0 } : each.intent;

  const create = (params: URLSearchParams): HandledRequest => {
    const amount = Number(params.get('amount'));
    const reference = params.get('metadata[reference]') ?? '';
    const situation = params.get('payment_method')?.replace('pm_', '') as
      | GatewayScenario
      | undefined;
    requestCounts.set(reference, (requestCounts.get(reference) ?? 0) + 1);
    if (situation === 'timeout-before-effect') return noResponse;

    const blank = intentFromForm(params, Math.floor(now() / 1_000));
    const keep = (change: Partial<Intent>): Intent => {
      const intent = { ...blank, ...change };
      stored.set(intent.id, { intent, situation, at: now() });

      return intent;
    };

    if (params.get('confirm') !== 'true') return respond(jsonReply(200, keep({})));
    if (situation === 'decline' || situation === 'unlisted-code') {
      const declineCode = situation === 'decline' ? 'insufficient_funds' : 'moon_phase';
      const error = { code: 'card_declined', decline_code: declineCode, message: 'Declined.' };
      const intent = keep({ last_payment_error: error });

      return respond(errorResponse(402, { type: 'card_error', ...error, payment_intent: intent }));
    }

    const received = situation === 'wrong-amount' ? amount + 1 : amount;
    const answer = jsonReply(
      200,
      keep({ status: 'succeeded', amount: received, amount_received: received }),
    );
    if (situation === 'in-progress') {
      return {
        response: keyInUseResponse,
        storedResponse: answer,
        busyUntil: now() + settleDelayMs,
      };
    }

    return respondIn(answer, situation);
  };

  /** With its charge, where that is asked for. */
  const expanded = (intent: Intent, refunded: RefundAmountsOf, query: PlainRequest['query']) => {
    const amount_refunded = refunded(intent.id).reduce((sum, amount) => sum + amount, 0);
    const latest = { id: `ch_${intent.id}`, amount_refunded };

    return {
      ...intent,
      latest_charge: query['expand[0]'] === 'data.latest_charge' ? latest : latest.id,
    };
  };

  const search = (query: PlainRequest['query'], refunded: RefundAmountsOf): PlainResponse => {
    const value = /^metadata\['reference'\]:'(.*)'$/.exec(query.query ?? '')?.[1];
    const data = [...stored.values()]
      .filter(({ at, situation }) => {
        const lag = situation === 'late-approve' ? settleDelayMs : indexLagMs;

        return now() - at >= lag;
      })
      .filter(({ intent }) => intent.metadata.reference?.toLowerCase() === value?.toLowerCase())
      .map((each) => expanded(render(each), refunded, query));

    return jsonReply(200, { object: 'search_result', url: '/v1/payment_intents/search', data });
  };

  const retrieve = (id: string): PlainResponse => {
    const found = stored.get(id);

    return found ? jsonReply(200, render(found)) : notFoundResponse;
  };

  const list = (query: PlainRequest['query'], refunded: RefundAmountsOf): PlainResponse => {
    const all = [...stored.values()].toReversed().map(render);

    return listPage('/v1/payment_intents', all, query, (intent) =>
      expanded(intent, refunded, query),
    );
  };

  const cancel = (id: string): HandledRequest => {
    const found = stored.get(id);
    if (!found) return respond(notFoundResponse);
    if (['succeeded', 'processing', 'canceled'].includes(render(found).status)) {
      const code = 'payment_intent_unexpected_state';

      return respond(errorResponse(400, { type: 'invalid_request_error', code, message: code }));
    }

    const intent = { ...found.intent, status: 'canceled' };
    stored.set(id, { ...found, intent });

    return respond(jsonReply(200, intent));
  };

  return {
    create,
    search,
    retrieve,
    list,
    cancel,
    get: (id: string) => stored.get(id),
    /** What was captured under a reference of ours. */
    captured: (reference: string): Intent[] =>
      [...stored.values()]
        .filter(
          (each) =>
            each.intent.metadata.reference === reference && render(each).status === 'succeeded',
        )
        .map(({ intent }) => intent),
    /** How often a charge was asked for. */
    requests: (reference: string) => requestCounts.get(reference) ?? 0,
  };
};
