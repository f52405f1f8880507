import type { Intent } from '../../../../shared/gateway/stripe/protocol.ts';
import {
  jsonReply,
  type PlainRequest,
  type PlainResponse,
} from '../../../../shared/simulators/plain-http.ts';
import { type StripeBehaviour, stripeBehaviours } from './behaviours.ts';
import {
  errorResponse,
  type HandledRequest,
  listPage,
  noResponse,
  notFoundResponse,
  parseMetadata,
  rateLimitResponse,
  reject,
  respond,
  respondBy,
  type StripeParts,
} from './responses.ts';

export interface StoredIntent {
  /** Its state from `settlesAt` on. */
  readonly intent: Intent;
  readonly behaviour: StripeBehaviour | undefined;
  readonly at: number;
  /** Until then it is processing. */
  readonly settlesAt: number;
  readonly canceledAt?: number;
}

/** The refunded amount of an intent at a time. */
type RefundedAmountAt = (id: string, at: number) => number;

/** The intent as it was at a time. */
export const intentAt = ({ intent, settlesAt, canceledAt }: StoredIntent, at: number): Intent => {
  if (canceledAt !== undefined && at >= canceledAt) return { ...intent, status: 'canceled' };

  return at < settlesAt
    ? { ...intent, status: 'processing', amount_received: 0, last_payment_error: null }
    : intent;
};

/** PaymentIntents, and their search index, which shows what was true some time ago. */
export const createIntentStore = (
  { clock, randomId, delays, searchLagMs, emit }: StripeParts,
  refundedAt: RefundedAmountAt,
) => {
  const behaviours = stripeBehaviours(delays);
  const stored = new Map<string, StoredIntent>();
  const requestCounts = new Map<string, number>();
  const limitedKeys = new Set<string>();
  const now = () => clock.now().getTime();
  const emitAbout = (intent: Intent, type: string, at: number) =>
    emit({
      id: `evt_${randomId()}`,
      type: `payment_intent.${type}`,
      reference: intent.metadata.reference ?? '',
      at,
      object: intent,
    });

  const confirm = (
    blank: Intent,
    behaviour: StripeBehaviour,
  ): { readonly kept: StoredIntent; readonly response: PlainResponse } => {
    const { effect, declineCode, amountOff, settlesAfterMs } = behaviour;
    const settlesAt = now() + settlesAfterMs;
    const error = { code: 'card_declined', decline_code: declineCode, message: 'Declined.' };
    const amount = blank.amount + amountOff;
    const intent: Intent =
      effect === 'declined'
        ? { ...blank, last_payment_error: error }
        : { ...blank, status: 'succeeded', amount, amount_received: amount };
    const kept = { intent, behaviour, at: now(), settlesAt };
    stored.set(intent.id, kept);
    const isProcessing = settlesAfterMs > 0;
    if (isProcessing) emitAbout(intentAt(kept, now()), 'processing', now());
    emitAbout(intent, effect === 'declined' ? 'payment_failed' : 'succeeded', settlesAt);
    // A slow or busy request ends when the intent has settled; any other tells its state now.
    const told = ['slow', 'key-in-use'].includes(behaviour.response) ? settlesAt : now();
    const shown = intentAt(kept, told);

    return {
      kept,
      response: shown.last_payment_error
        ? errorResponse(402, { type: 'card_error', ...error, payment_intent: shown })
        : jsonReply(200, shown),
    };
  };

  const create = (params: URLSearchParams, key: string): HandledRequest => {
    const blank = intentFromForm(params, Math.floor(now() / 1_000), randomId());
    if (params.get('confirm') !== 'true') {
      stored.set(blank.id, { intent: blank, behaviour: undefined, at: now(), settlesAt: now() });

      return respond(jsonReply(200, blank));
    }

    const reference = blank.metadata.reference ?? '';
    requestCounts.set(reference, (requestCounts.get(reference) ?? 0) + 1);
    const behaviour = behaviours.get(params.get('payment_method') ?? '');
    if (!behaviour) return reject(noSuchPaymentMethod);
    if (behaviour.effect === 'none') return noResponse;
    if (behaviour.response === 'rate-limit' && !limitedKeys.has(key)) {
      limitedKeys.add(key);

      return reject(rateLimitResponse);
    }
    const { kept, response } = confirm(blank, behaviour);

    return respondBy(behaviour, response, kept.settlesAt, now());
  };

  /** The intent with its charge at a time, expanded if the request asks for it. */
  const expanded = (intent: Intent, at: number, query: PlainRequest['query']) => {
    const latest = { id: chargeIdOf(intent), amount_refunded: refundedAt(intent.id, at) };

    return {
      ...intent,
      latest_charge: query['expand[0]'] === 'data.latest_charge' ? latest : latest.id,
    };
  };

  const search = (query: PlainRequest['query']): PlainResponse => {
    const value = /^metadata\['reference'\]:'(.*)'$/.exec(query.query ?? '')?.[1]?.toLowerCase();
    const data = [...stored.values()]
      .filter(({ intent }) => intent.metadata.reference?.toLowerCase() === value)
      .flatMap((each) => {
        const at = now() - searchLagMs - (each.behaviour?.hiddenMs ?? 0);

        return each.at <= at ? [expanded(intentAt(each, at), at, query)] : [];
      });

    return jsonReply(200, { object: 'search_result', url: '/v1/payment_intents/search', data });
  };

  const retrieve = (id: string): PlainResponse => {
    const found = stored.get(id);

    return found ? jsonReply(200, intentAt(found, now())) : notFoundResponse;
  };

  const list = (query: PlainRequest['query']): PlainResponse => {
    const all = [...stored.values()].toReversed().map((each) => intentAt(each, now()));

    return listPage('/v1/payment_intents', all, query, (intent) => expanded(intent, now(), query));
  };

  const cancel = (id: string): HandledRequest => {
    const found = stored.get(id);
    if (!found) return respond(notFoundResponse);
    if (['succeeded', 'processing', 'canceled'].includes(intentAt(found, now()).status)) {
      const code = 'payment_intent_unexpected_state';

      return respond(errorResponse(400, { type: 'invalid_request_error', code, message: code }));
    }
    const canceled = { ...found, canceledAt: now() };
    stored.set(id, canceled);
    const intent = intentAt(canceled, now());
    emitAbout(intent, 'canceled', now());

    return respond(jsonReply(200, intent));
  };

  return {
    create,
    search,
    retrieve,
    list,
    cancel,
    get: (id: string) => stored.get(id),
    /** The intents of a reference, the oldest first. */
    of: (reference: string): StoredIntent[] =>
      [...stored.values()].filter(({ intent }) => intent.metadata.reference === reference),
    /** The number of charge requests. */
    requests: (reference: string) => requestCounts.get(reference) ?? 0,
    references: () => [...requestCounts.keys()],
  };
};

export const chargeIdOf = ({ id }: Pick<Intent, 'id'>): string => id.replace('pi_', 'ch_');

/** An unconfirmed PaymentIntent from the form fields of its request. */
export const intentFromForm = (params: URLSearchParams, created: number, id = '1'): Intent => ({
  object: 'payment_intent',
  id: `pi_${id}`,
  status: 'requires_payment_method',
  amount: Number(params.get('amount')),
  amount_received: 0,
  currency: params.get('currency') ?? '',
  created,
  metadata: parseMetadata(params),
  last_payment_error: null,
});

const noSuchPaymentMethod = errorResponse(400, {
  type: 'invalid_request_error',
  code: 'resource_missing',
  param: 'payment_method',
  message: 'No such PaymentMethod.',
});
