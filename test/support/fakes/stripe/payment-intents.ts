import type { Intent } from '../../../../shared/gateway/stripe/protocol.ts';
import {
  jsonReply,
  type PlainRequest,
  type PlainResponse,
} from '../../../../shared/simulators/plain-http.ts';
import { type StripeBehaviour, stripeBehaviours } from './behaviours.ts';
import {
  attemptStates,
  cardErrorResponse,
  chargeIdOf,
  failedAttempt,
  type IntentState,
  intentAt,
  intentFromForm,
  type StoredIntent,
  settlesAtOf,
  unexpectedStateResponse,
  waitingIntent,
} from './intent-states.ts';
import {
  errorResponse,
  type HandledRequest,
  listPage,
  noResponse,
  notFoundResponse,
  rateLimitResponse,
  reject,
  respond,
  respondBy,
  type StripeParts,
} from './responses.ts';
import { stripeTestCards } from './test-cards.ts';

/** What the intents need to know of refunds and disputes. */
interface ChargeBook {
  /** The refunded amount of an intent at a time. */
  readonly refundedAt: (id: string, at: number) => number;
  readonly isDisputedAt: (id: string, at: number) => boolean;
  readonly dispute: (
    intent: Intent,
    status: NonNullable<StripeBehaviour['disputeStatus']>,
    at: number,
  ) => void;
}

/** PaymentIntents, and their search index, which shows what was true some time ago. */
export const createIntentStore = (
  { clock, randomId, delays, searchLagMs, emit }: StripeParts,
  book: ChargeBook,
) => {
  const behaviours = new Map([...stripeBehaviours(delays), ...stripeTestCards(delays)]);
  const stored = new Map<string, StoredIntent>();
  const requestCounts = new Map<string, number>();
  const limitedKeys = new Set<string>();
  const now = () => clock.now().getTime();

  /** Stores what an intent becomes, and sends the event of each state. */
  const advance = (
    before: StoredIntent,
    states: readonly [IntentState, ...IntentState[]],
  ): StoredIntent => {
    const after: StoredIntent = { ...before, states: [...before.states, ...states] };
    stored.set(before.id, after);
    for (const { intent, from } of states) {
      emit({
        id: `evt_${randomId()}`,
        type: `payment_intent.${eventOf(intent)}`,
        reference: before.reference,
        at: from,
        object: intent,
      });
      const { disputeStatus } = before.behaviour ?? {};
      if (intent.status === 'succeeded' && disputeStatus) book.dispute(intent, disputeStatus, from);
    }

    return after;
  };

  /** Confirms a new or declined intent. The response has its state now. */
  const confirm = (blank: Intent, params: URLSearchParams, key: string): HandledRequest => {
    const behaviour = behaviours.get(params.get('payment_method') ?? '');
    if (!behaviour) return reject(noSuchPaymentMethod);
    const returnUrl = params.get('return_url') ?? undefined;
    const allowsRedirects = blank.automatic_payment_methods?.allow_redirects !== 'never';
    if (allowsRedirects && returnUrl === undefined) return reject(returnUrlRequired);
    if (behaviour.effect === 'none') return noResponse;
    if (behaviour.response === 'rate-limit' && !limitedKeys.has(key)) {
      limitedKeys.add(key);

      return reject(rateLimitResponse);
    }
    const created = stored.get(blank.id) ?? {
      id: blank.id,
      reference: blank.metadata.reference ?? '',
      at: now(),
      states: [{ from: now(), intent: blank }] as const,
    };
    const kept = advance(
      { ...created, behaviour, ...(returnUrl !== undefined && { returnUrl }) },
      confirmedStates(blank, behaviour, params.get('error_on_requires_action') === 'true'),
    );
    const settlesAt = settlesAtOf(kept);
    // A slow or busy request ends when the intent has settled; any other shows its state now.
    const shownAt = ['slow', 'key-in-use'].includes(behaviour.response) ? settlesAt : now();
    const shown = intentAt(kept, shownAt);
    const response = shown.last_payment_error ? cardErrorResponse(shown) : jsonReply(200, shown);

    return respondBy(behaviour, response, settlesAt, now());
  };

  const confirmedStates = (
    blank: Intent,
    behaviour: StripeBehaviour,
    failsOnAction: boolean,
  ): [IntentState, ...IntentState[]] => {
    if (!behaviour.isChallenged) return attemptStates(blank, behaviour, now());
    const intent = failsOnAction
      ? failedAttempt(blank, authenticationRequired)
      : waitingIntent(blank);

    return [{ from: now(), intent }];
  };

  const create = (params: URLSearchParams, key: string): HandledRequest => {
    const blank = intentFromForm(params, Math.floor(now() / 1_000), randomId());
    const reference = blank.metadata.reference ?? '';
    if (params.get('confirm') !== 'true') {
      const states = [{ from: now(), intent: blank }] as const;
      stored.set(blank.id, { id: blank.id, reference, behaviour: undefined, at: now(), states });

      return respond(jsonReply(200, blank));
    }
    requestCounts.set(reference, (requestCounts.get(reference) ?? 0) + 1);

    return confirm(blank, params, key);
  };

  /** Confirms an existing intent, as Stripe.js does in the buyer's browser with its client secret. */
  const confirmAgain = (id: string, params: URLSearchParams, key: string): HandledRequest => {
    const found = stored.get(id);
    if (!found) return reject(notFoundResponse);
    const intent = intentAt(found, now());

    return intent.status === 'requires_payment_method'
      ? confirm(intent, params, key)
      : respond(unexpectedStateResponse(intent, 'confirmed', 'requires_payment_method'));
  };

  const cancel = (id: string): HandledRequest => {
    const found = stored.get(id);
    if (!found) return respond(notFoundResponse);
    const intent = intentAt(found, now());
    if (!cancelableStatuses.includes(intent.status)) {
      const possible = cancelableStatuses.join(', ');

      return respond(unexpectedStateResponse(intent, 'canceled', possible));
    }
    const canceled = { ...intent, status: 'canceled', next_action: null };
    advance(found, [{ from: now(), intent: canceled }]);

    return respond(jsonReply(200, canceled));
  };

  /** The intent with its charge at a time, expanded if the request asks for it. */
  const expanded = (intent: Intent, at: number, { 'expand[0]': expand }: PlainRequest['query']) => {
    if (intent.status === 'requires_action') return { ...intent, latest_charge: null };
    const { id } = intent;
    const latest = {
      id: chargeIdOf(intent),
      amount_refunded: book.refundedAt(id, at),
      disputed: book.isDisputedAt(id, at),
    };

    return { ...intent, latest_charge: expand?.endsWith('latest_charge') ? latest : latest.id };
  };

  const search = (query: PlainRequest['query']): PlainResponse => {
    const value = /^metadata\['reference'\]:'(.*)'$/.exec(query.query ?? '')?.[1]?.toLowerCase();
    const data = [...stored.values()]
      .filter(({ reference }) => reference.toLowerCase() === value)
      .flatMap((each) => {
        const at = now() - searchLagMs - (each.behaviour?.hiddenMs ?? 0);

        return each.at <= at ? [expanded(intentAt(each, at), at, query)] : [];
      });

    return jsonReply(200, { object: 'search_result', url: '/v1/payment_intents/search', data });
  };

  const retrieve = (id: string, query: PlainRequest['query']): PlainResponse => {
    const found = stored.get(id);

    return found
      ? jsonReply(200, expanded(intentAt(found, now()), now(), query))
      : notFoundResponse;
  };

  const list = (query: PlainRequest['query']): PlainResponse => {
    const all = [...stored.values()].toReversed().map((each) => intentAt(each, now()));

    return listPage('/v1/payment_intents', all, query, (intent) => expanded(intent, now(), query));
  };

  return {
    create,
    confirmAgain,
    cancel,
    advance,
    search,
    retrieve,
    list,
    get: (id: string) => stored.get(id),
    /** The intents of a reference, the oldest first. */
    of: (wanted: string): StoredIntent[] =>
      [...stored.values()].filter(({ reference }) => reference === wanted),
    /** The number of charge requests. */
    requests: (reference: string) => requestCounts.get(reference) ?? 0,
    references: () => [...requestCounts.keys()],
  };
};

const eventOf = ({ status, last_payment_error: error }: Intent): string =>
  status === 'requires_payment_method' && error ? 'payment_failed' : status;

const cancelableStatuses = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

const authenticationRequired = {
  code: 'authentication_required',
  decline_code: 'authentication_required',
  message: 'This payment requires authentication.',
};

const noSuchPaymentMethod = errorResponse(400, {
  type: 'invalid_request_error',
  code: 'resource_missing',
  param: 'payment_method',
  message: 'No such PaymentMethod.',
});

const returnUrlRequired = errorResponse(400, {
  type: 'invalid_request_error',
  message:
    'A `return_url` must be specified because this Payment Intent is configured to automatically ' +
    'accept the payment methods enabled in the Dashboard.',
});
