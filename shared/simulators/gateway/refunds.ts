import { code, type RefundBody } from '../../gateway/simulator/protocol.ts';
import { type PlainAnswer, reply } from '../plain-http.ts';
import { type Account, capturedBy, idOf, isBusy, type Step } from './account.ts';
import type { RefundBehaviour } from './behaviours.ts';
import { accepted, hasFailed, sum } from './refund-amounts.ts';
import { problem, refundAnswer, refunded, refuse, spoilt } from './responses.ts';

export interface Refund {
  readonly key: string;
  readonly refundId: string;
  readonly amount: number;
  readonly currency: string;
  /** When the money is back, in milliseconds since the epoch. */
  readonly settlesAt: number;
  readonly meanwhile: RefundBehaviour['meanwhile'];
  /** From then on it is as if it had never been paid back. */
  readonly failsAt?: number;
  /** Set when nothing was paid back: the same key is refused the same way later. */
  readonly refused?: string;
}

/** Pays back once for a key, and never more than was captured. */
export const refund = (
  before: Account,
  { key, body, behaviour }: { key: string; body: RefundBody; behaviour: RefundBehaviour },
  now: number,
): Step => {
  const account = { ...before, refundKeys: [...before.refundKeys, key] };
  const known = account.refunds.find((each) => each.key === key);
  if (known) return { value: account, result: refundAnswer(account.reference, known, now) };
  if (capturedBy(account, now).length === 0 && isBusy(account, now)) {
    return { value: account, result: refuse(409, code.inProgress) };
  }

  const refused =
    refusalOf(account, body, now) ?? (behaviour.effect === 'declined' && 'refund_declined');
  const isFirst = !before.refundKeys.includes(key);
  const isLost = behaviour.effect === 'none' || (isFirst && behaviour.effect !== 'paid');
  if (!refused && isLost) return { value: account, result: spoilt(behaviour) };

  const made: Refund = {
    key,
    refundId: idOf('rfn', key),
    amount: body.amount,
    currency: body.currency,
    settlesAt: now + behaviour.settlesAfterMs,
    meanwhile: behaviour.meanwhile,
    // Whoever pays it back once more, at the dashboard perhaps, succeeds.
    ...(!refused &&
      before.refunds.length === 0 &&
      behaviour.failsAfterMs !== undefined && {
        failsAt: now + behaviour.settlesAfterMs + behaviour.failsAfterMs,
      }),
    ...(refused && { refused }),
  };
  const isTold = refused || !isFirst || behaviour.answer === 'outcome';

  return {
    value: { ...account, refunds: [...account.refunds, made] },
    result: isTold ? refundAnswer(account.reference, made, now) : spoilt(behaviour),
  };
};

/** What became of the refund of one key. */
export const inquireRefund = (account: Account, key: string, now: number): PlainAnswer => {
  const made = account.refunds.find((each) => each.key === key);
  if (made && hasFailed(made, now)) {
    return reply(200, { status: 'declined', ...problem('refund_failed') });
  }
  if (made?.refused) return reply(200, { status: 'declined', ...problem(made.refused) });
  if (made && made.settlesAt <= now) return reply(200, refunded(account.reference, made));
  if (made?.meanwhile === 'in-progress') return reply(200, { status: 'in_progress' });

  return refuse(404, code.refundNotFound);
};

const refusalOf = (account: Account, { amount, currency }: RefundBody, now: number) => {
  const captured = capturedBy(account, now);
  if (captured.length === 0) return code.chargeNotFound;
  if (captured.some((each) => each.currency !== currency)) return 'currency_mismatch';

  return amount > sum(captured) - sum(accepted(account, now))
    ? 'refund_exceeds_captured'
    : undefined;
};
