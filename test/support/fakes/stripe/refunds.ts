import { randomUUID } from 'node:crypto';
import type { Timers } from '../../../../shared/config/timers.ts';
import { refundSituationOf } from '../../../../shared/gateway/conformance/harness.ts';
import type { StripeRefund } from '../../../../shared/gateway/stripe/protocol.ts';
import {
  type PlainAnswer,
  type PlainRequest,
  reply,
} from '../../../../shared/simulators/plain-http.ts';
import type { HeldIntent } from './payment-intents.ts';
import {
  asMeant,
  fail,
  type Handled,
  listed,
  metadataIn,
  neverArrived,
  notThere,
  onItsWay,
  settlesAfterMs,
} from './responses.ts';

interface HeldRefund {
  readonly refund: StripeRefund & { readonly payment_intent: string };
  /** Until then it is pending, or not in the list. */
  readonly settlesAt: number;
  readonly isHidden: boolean;
}

/** Refunds, listed a page at a time. */
export const stripeRefunds = (timers: Timers, intentOf: (id: string) => HeldIntent | undefined) => {
  const held: HeldRefund[] = [];
  const keys: { readonly reference: string | undefined; readonly key: string | undefined }[] = [];
  const now = () => timers.now().getTime();
  const shown = ({ refund, settlesAt }: HeldRefund): StripeRefund =>
    now() < settlesAt ? { ...refund, status: 'pending' } : refund;
  const of = (intent: string | undefined) =>
    held.filter(({ refund }) => refund.payment_intent === intent);

  const create = (params: URLSearchParams): Handled => {
    const found = intentOf(params.get('payment_intent') ?? '');
    const metadata = metadataIn(params);
    const isFirst = !keys.some(({ key }) => key === metadata.key);
    keys.push({ reference: metadata.reference, key: metadata.key });
    if (!found) return asMeant(notThere);

    const { intent, situation } = found;
    const misbehaving = refundSituationOf(situation);
    if (misbehaving === 'timeout-before-effect' && isFirst) return neverArrived;

    const amount = Number(params.get('amount'));
    const refused = refusalOf(misbehaving, amount > intent.amount_received - sum(of(intent.id)));
    if (refused) return asMeant(refused);

    const delayMs = misbehaving === 'in-progress' || misbehaving === 'late' ? settlesAfterMs : 0;
    const made: HeldRefund = {
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
      isHidden: misbehaving === 'late',
    };
    held.push(made);

    return onItsWay(reply(200, shown(made)), misbehaving);
  };

  const list = (query: PlainRequest['query']): PlainAnswer => {
    // The newest come first.
    const all = of(query.payment_intent)
      .toReversed()
      .filter(({ isHidden, settlesAt }) => !isHidden || settlesAt <= now())
      .map(shown);

    return listed('/v1/refunds', all, query);
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

const refusalOf = (misbehaving: string | undefined, isTooMuch: boolean) => {
  const type = 'invalid_request_error';
  if (misbehaving === 'decline') return fail(400, { type, code: 'charge_disputed' });
  if (misbehaving === 'unlisted-code') return fail(400, { type, code: 'moon_phase' });
  const message = 'Refund amount is greater than unrefunded amount on charge';

  return isTooMuch ? fail(400, { type, param: 'amount', message }) : undefined;
};

const sum = (refunds: readonly HeldRefund[]) =>
  refunds.reduce((total, { refund }) => total + refund.amount, 0);
