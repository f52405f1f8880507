import { randomUUID } from 'node:crypto';
import type { Timers } from '../../../../shared/domain/time.ts';
import { refundScenarioOf } from '../../../../shared/gateway/conformance/harness.ts';
import type { StripeRefund } from '../../../../shared/gateway/stripe/protocol.ts';
import {
  jsonReply,
  type PlainRequest,
  type PlainResponse,
} from '../../../../shared/simulators/plain-http.ts';
import type { StoredIntent } from './payment-intents.ts';
import {
  errorResponse,
  type HandledRequest,
  listPage,
  noResponse,
  notFoundResponse,
  parseMetadata,
  respond,
  respondIn,
  settleDelayMs,
} from './responses.ts';

interface StoredRefund {
  readonly refund: StripeRefund & { readonly payment_intent: string };
  /** Until then the refund is pending, or hidden from the list. */
  readonly settlesAt: number;
  readonly isHidden: boolean;
}

/** Refunds, listed page by page. */
export const createRefundStore = (
  timers: Timers,
  intentOf: (id: string) => StoredIntent | undefined,
) => {
  const stored: StoredRefund[] = [];
  const keys: { readonly reference: string | undefined; readonly key: string | undefined }[] = [];
  const now = () => timers.now().getTime();
  const render = ({ refund, settlesAt }: StoredRefund): StripeRefund =>
    now() < settlesAt ? { ...refund, status: 'pending' } : refund;
  const of = (intent: string | undefined) =>
    stored.filter(({ refund }) => refund.payment_intent === intent);

  const create = (params: URLSearchParams): HandledRequest => {
    const found = intentOf(params.get('payment_intent') ?? '');
    const metadata = parseMetadata(params);
    const isFirst = !keys.some(({ key }) => key === metadata.key);
    keys.push({ reference: metadata.reference, key: metadata.key });
    if (!found) return respond(notFoundResponse);

    const { intent, scenario } = found;
    const refundScenario = refundScenarioOf(scenario);
    if (refundScenario === 'timeout-before-effect' && isFirst) return noResponse;

    const amount = Number(params.get('amount'));
    const rejection = rejectionOf(
      refundScenario,
      amount > intent.amount_received - sum(of(intent.id)),
    );
    if (rejection) return respond(rejection);

    const delayMs =
      refundScenario === 'in-progress' || refundScenario === 'late' ? settleDelayMs : 0;
    const made: StoredRefund = {
      refund: {
        object: 'refund',
        id: `re_${randomUUID()}`,
        status: 'succeeded',
        amount,
        currency: intent.currency,
        created: Math.floor(now() / 1_000),
        payment_intent: intent.id,
        metadata,
      },
      settlesAt: now() + delayMs,
      isHidden: refundScenario === 'late',
    };
    stored.push(made);

    return respondIn(jsonReply(200, render(made)), refundScenario);
  };

  const list = (query: PlainRequest['query']): PlainResponse => {
    // The newest come first.
    const all = of(query.payment_intent)
      .toReversed()
      .filter(({ isHidden, settlesAt }) => !isHidden || settlesAt <= now())
      .map(render);

    return listPage('/v1/refunds', all, query);
  };

  return {
    create,
    list,
    /** The amounts of paid and pending refunds. */
    activeAmounts: (intent: string): number[] =>
      of(intent)
        .filter(({ refund }) => refund.status !== 'failed')
        .map(({ refund }) => refund.amount),
    amounts: (intent: string): number[] => of(intent).map(({ refund }) => refund.amount),
    /** The number of refund requests. */
    requests: (reference: string) => keys.filter((each) => each.reference === reference).length,
  };
};

const rejectionOf = (refundScenario: string | undefined, isTooMuch: boolean) => {
  const type = 'invalid_request_error';
  if (refundScenario === 'decline') return errorResponse(400, { type, code: 'charge_disputed' });
  if (refundScenario === 'unlisted-code') return errorResponse(400, { type, code: 'moon_phase' });
  const message = 'Refund amount is greater than unrefunded amount on charge';

  return isTooMuch ? errorResponse(400, { type, param: 'amount', message }) : undefined;
};

const sum = (refunds: readonly StoredRefund[]) =>
  refunds.reduce((total, { refund }) => total + refund.amount, 0);
