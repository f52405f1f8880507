import type { Timers } from '../../../../shared/domain/time.ts';
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
  readonly scenario: GatewayScenario | undefined;
  readonly at: number;
}

/** The refunded amounts of an intent. */
type RefundAmountsOf = (id: string) => number[];

/** PaymentIntents and their search index, which lags by `indexLagMs`. */
export const createIntentStore = (timers: Timers, indexLagMs: number) => {
  const stored = new Map<string, StoredIntent>();
  const requestCounts = new Map<string, number>();
  const now = () => timers.now().getTime();

  const isProcessing = ({ scenario, at }: StoredIntent) =>
    scenario === 'in-progress' && now() - at < settleDelayMs;

  const render = (each: StoredIntent): Intent =>
    isProcessing(each) ? { ...each.intent, status: 'processing', amount_received: 0 } : each.intent;

  const create = (params: URLSearchParams): HandledRequest => {
    const amount = Number(params.get('amount'));
    const reference = params.get('metadata[reference]') ?? '';
    const scenario = params.get('payment_method')?.replace('pm_', '') as
      | GatewayScenario
      | undefined;
    requestCounts.set(reference, (requestCounts.get(reference) ?? 0) + 1);
    if (scenario === 'timeout-before-effect') return noResponse;

    const blank = intentFromForm(params, Math.floor(now() / 1_000));
    const keep = (change: Partial<Intent>): Intent => {
      const intent = { ...blank, ...change };
      stored.set(intent.id, { intent, scenario, at: now() });

      return intent;
    };

    if (params.get('confirm') !== 'true') return respond(jsonReply(200, keep({})));
    if (scenario === 'decline' || scenario === 'unlisted-code') {
      const declineCode = scenario === 'decline' ? 'insufficient_funds' : 'moon_phase';
      const error = { code: 'card_declined', decline_code: declineCode, message: 'Declined.' };
      const intent = keep({ last_payment_error: error });

      return respond(errorResponse(402, { type: 'card_error', ...error, payment_intent: intent }));
    }

    const received = scenario === 'wrong-amount' ? amount + 1 : amount;
    const response = jsonReply(
      200,
      keep({ status: 'succeeded', amount: received, amount_received: received }),
    );
    if (scenario === 'in-progress') {
      return {
        response: keyInUseResponse,
        storedResponse: response,
        busyUntil: now() + settleDelayMs,
      };
    }

    return respondIn(response, scenario);
  };

  /** The intent with its charge, expanded if the request asks for it. */
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
      .filter(({ at, scenario }) => {
        const lag = scenario === 'late-approve' ? settleDelayMs : indexLagMs;

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
    /** The captured intents of a reference. */
    captured: (reference: string): Intent[] =>
      [...stored.values()]
        .filter(
          (each) =>
            each.intent.metadata.reference === reference && render(each).status === 'succeeded',
        )
        .map(({ intent }) => intent),
    /** The number of charge requests. */
    requests: (reference: string) => requestCounts.get(reference) ?? 0,
  };
};
