import { randomUUID } from 'node:crypto';
import type { Timers } from '../../../../shared/config/timers.ts';
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
  /** Until then it is pending, or not in the list. */
  readonly settlesAt: number;
  readonly isHidden: boolean;
}

/** Refunds, listed a page at a time. */
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

    const { intent, situation } = found;
    const scenario = refundScenarioOf(situation);
    if (scenario === 'timeout-before-effect' && isFirst) return noResponse;

    const amount = Number(params.get('amount'));
    const refused = rejectionOf(scenario, amount > intent.amount_received - sum(of(intent.id)));
    if (refused) return respond(refused);

    const delayMs = scenario === 'in-progress' || scenario === 'late' ? settleDelayMs : 0;
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
      isHidden: scenario === 'late',
    };
    stored.push(made);

    return respondIn(jsonReply(200, render(made)), scenario);
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
    /** What is paid or on its way. */
    standing: (intent: string): number[] =>
      of(intent)
        .filter(({ refund }) => refund.status !== 'failed')
        .map(({ refund }) => refund.amount),
    paid: (intent: string): number[] => of(intent).map(({ refund }) => refund.amount),
    /** How often a refund was asked for. */
    requests: (reference: string) => keys.filter((each) => each.reference === reference).length,
  };
};

const rejectionOf = (scenario: string | undefined, isTooMuch: boolean) => {
  const type = 'invalid_request_error';
  if (scenario === 'decline') return errorResponse(400, { type, code: 'charge_disputed' });
  if (scenario === 'unlisted-code') return errorResponse(400, { type, code: 'moon_phase' });
  const message = 'Refund amount is greater than unrefunded amount on charge';

  return isTooMuch ? errorResponse(400, { type, param: 'amount', message }) : undefined;
};

const sum = (refunds: readonly StoredRefund[]) =>
  refunds.reduce((total, { refund }) => total + refund.amount, 0);
