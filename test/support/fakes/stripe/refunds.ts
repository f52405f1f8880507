import type { Intent, StripeRefund } from '../../../../shared/gateway/stripe/protocol.ts';
import {
  jsonReply,
  type PlainRequest,
  type PlainResponse,
} from '../../../../shared/simulators/plain-http.ts';
import { chargeIdOf, intentAt, type StoredIntent } from './intent-states.ts';
import {
  errorResponse,
  type HandledRequest,
  listPage,
  noResponse,
  notFoundResponse,
  parseMetadata,
  respond,
  respondBy,
  type StripeParts,
  sum,
} from './responses.ts';

interface StoredRefund {
  readonly refund: StripeRefund & { readonly payment_intent: string };
  readonly at: number;
  /** Until then the refund is pending. */
  readonly settlesAt: number;
  readonly failsAt: number;
  /** The list does not show it while it is pending. */
  readonly isHidden: boolean;
}

const refundAt = ({ refund, settlesAt, failsAt }: StoredRefund, at: number): StripeRefund => {
  if (at >= failsAt) return { ...refund, status: 'failed', failure_reason: 'lost_or_stolen_card' };

  return at < settlesAt ? { ...refund, status: 'pending' } : refund;
};

/** Refunds, listed page by page. */
export const createRefundStore = (
  { clock, randomId, emit }: Omit<StripeParts, 'searchLagMs'>,
  intentOf: (id: string) => StoredIntent | undefined,
  isRefundable: (intent: string) => boolean,
) => {
  const stored: StoredRefund[] = [];
  const requests: { readonly reference: string | undefined; readonly key: string }[] = [];
  const now = () => clock.now().getTime();
  const of = (intent: string | undefined) =>
    stored.filter(({ refund }) => refund.payment_intent === intent);
  /** The refunds that have not failed by then, whether paid or pending. */
  const activeAt = (intent: string, at: number) =>
    of(intent).filter((each) => each.at <= at && at < each.failsAt);
  const amountOf = (refunds: readonly StoredRefund[]) => sum(refunds.map(({ refund }) => refund));

  const emitAbout = (made: StoredRefund, intent: Intent) => {
    const about = (type: string, at: number, object: object) =>
      emit({
        id: `evt_${randomId()}`,
        type,
        reference: intent.metadata.reference ?? '',
        at,
        object,
      });
    about('refund.created', made.at, refundAt(made, made.at));
    about('charge.refunded', made.at, {
      object: 'charge',
      id: chargeIdOf(intent),
      payment_intent: intent.id,
      metadata: intent.metadata,
      amount_refunded: amountOf(activeAt(intent.id, made.at)),
    });
    const { settlesAt, failsAt } = made;
    if (settlesAt > made.at && settlesAt < failsAt)
      about('refund.updated', settlesAt, refundAt(made, settlesAt));
    if (Number.isFinite(failsAt)) about('refund.failed', failsAt, refundAt(made, failsAt));
  };

  const create = (params: URLSearchParams, key: string): HandledRequest => {
    const found = intentOf(params.get('payment_intent') ?? '');
    const isFirst = !requests.some((each) => each.key === key);
    requests.push({ reference: found?.reference, key });
    if (!found?.behaviour) return respond(notFoundResponse);
    const { refund: behaviour } = found.behaviour;
    if (behaviour.isFirstLost && isFirst) return noResponse;

    const intent = intentAt(found, now());
    const { id, amount_received, currency } = intent;
    const remaining = amount_received - amountOf(activeAt(id, now()));
    const amount = Number(params.get('amount') ?? remaining);
    const code = isRefundable(id) ? behaviour.rejectionCode : 'charge_disputed';
    const rejection = rejectionOf(code, amount, remaining);
    if (rejection) return respond(rejection);

    const settlesAt = now() + behaviour.settlesAfterMs;
    const canFail = behaviour.failsAfterMs !== undefined && of(id).length === 0;
    const made: StoredRefund = {
      refund: {
        object: 'refund',
        id: `re_${randomId()}`,
        status: 'succeeded',
        amount,
        currency,
        created: Math.floor(now() / 1_000),
        payment_intent: id,
        metadata: parseMetadata(params),
      },
      at: now(),
      settlesAt,
      failsAt: canFail ? settlesAt + (behaviour.failsAfterMs ?? 0) : Number.POSITIVE_INFINITY,
      isHidden: behaviour.isHidden,
    };
    stored.push(made);
    emitAbout(made, intent);

    return respondBy(behaviour, jsonReply(200, refundAt(made, now())), settlesAt, now());
  };

  const list = (query: PlainRequest['query']): PlainResponse => {
    // The newest come first.
    const all = of(query.payment_intent)
      .toReversed()
      .filter(({ isHidden, settlesAt }) => !isHidden || settlesAt <= now())
      .map((each) => refundAt(each, now()));

    return listPage('/v1/refunds', all, query);
  };

  return {
    create,
    list,
    /** The refunded amount of an intent: paid and pending. */
    amountAt: (intent: string, at: number): number => amountOf(activeAt(intent, at)),
    /** The refunds that were accepted and have not failed. */
    active: (intent: string): StripeRefund[] =>
      activeAt(intent, now()).map((each) => refundAt(each, now())),
    /** Whether a refund will change by itself. */
    isPending: (intent: string): boolean =>
      activeAt(intent, now()).some(
        ({ settlesAt, failsAt }) => now() < settlesAt || Number.isFinite(failsAt),
      ),
    /** The number of refund requests. */
    requests: (reference: string) => requests.filter((each) => each.reference === reference).length,
  };
};

const rejectionOf = (rejectionCode: string | undefined, amount: number, remaining: number) => {
  const type = 'invalid_request_error';
  if (rejectionCode) return errorResponse(400, { type, code: rejectionCode });
  if (amount <= remaining) return undefined;
  const message = 'Refund amount is greater than unrefunded amount on charge';

  return errorResponse(400, { type, param: 'amount', message });
};
