import {
  type ApprovedAnswer,
  code,
  type RefundedAnswer,
} from '../../gateway/simulator/protocol.ts';
import { type PlainAnswer, reply } from '../plain-http.ts';
import type { Account, Charge } from './account.ts';
import type { Behaviour } from './behaviours.ts';
import { hasFailed, shownAsRefunded } from './refund-amounts.ts';
import type { Refund } from './refunds.ts';

export const declined = {
  status: 'declined',
  code: 'insufficient_funds',
  message: 'The buyer has not enough money.',
};

export const chargeAnswer = (account: Account, made: Charge, now: number): PlainAnswer => {
  if (made.effect === 'declined') return reply(402, declined);
  if (made.settlesAt <= now) return reply(200, approved(account, made, now));
  if (made.meanwhile === 'in-progress') return refuse(409, code.inProgress);
  if (made.meanwhile === 'declined') return reply(402, declined);
  if (made.meanwhile === 'hidden') return reply(500, { code: 'internal_error' });

  return reply(200, approved(account, made, now), made.settlesAt - now);
};

export const spoilt = ({ answer }: Pick<Behaviour, 'answer'>): PlainAnswer => {
  if (answer === 'error') return reply(500, { code: 'internal_error' });
  if (answer === 'garbage') {
    return { kind: 'reply', status: 200, body: '<html>upstream says: {"status', afterMs: 0 };
  }
  if (answer === 'unlisted-code') return refuse(422, 'issuer_says_maybe');

  return { kind: 'hang' };
};

export const approved = (
  account: Account,
  { transactionId, amount, currency, settlesAt }: Charge,
  now: number,
): ApprovedAnswer => ({
  status: 'approved',
  transactionId,
  reference: account.reference,
  amount,
  currency,
  refunded: shownAsRefunded(account, now),
  approvedAt: new Date(settlesAt).toISOString(),
});

export const refundAnswer = (reference: string, made: Refund, now: number): PlainAnswer => {
  if (hasFailed(made, now)) return refuse(409, 'refund_failed');
  if (made.refused) return refuse(made.refused === code.chargeNotFound ? 404 : 409, made.refused);
  if (made.settlesAt <= now) return reply(200, refunded(reference, made));
  if (made.meanwhile === 'in-progress') return refuse(409, code.inProgress);

  return reply(500, { code: 'internal_error' });
};

export const refunded = (
  reference: string,
  { refundId, amount, currency, settlesAt }: Refund,
): RefundedAnswer => ({
  status: 'refunded',
  refundId,
  reference,
  amount,
  currency,
  refundedAt: new Date(settlesAt).toISOString(),
});

export const refuse = (status: number, refusal: string, extra: object = {}): PlainAnswer =>
  reply(status, { ...problem(refusal), ...extra });

export const problem = (refusal: string) => ({
  code: refusal,
  message: refusal.replaceAll('_', ' '),
});
