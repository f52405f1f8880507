import { type ApprovedAnswer, code, type RefundedAnswer } from '../../pg/simulator-protocol.ts';
import { type PlainAnswer, reply } from '../plain-http.ts';
import type { Charge, Refund } from './account.ts';
import type { Behaviour } from './behaviours.ts';

export const declined = {
  status: 'declined',
  code: 'insufficient_funds',
  message: 'The buyer has not enough money.',
};

export const chargeAnswer = (reference: string, made: Charge, now: number): PlainAnswer => {
  if (made.effect === 'declined') return reply(402, declined);
  if (made.settlesAt <= now) return reply(200, approved(reference, made));
  if (made.meanwhile === 'in-progress') return refuse(409, code.inProgress);
  if (made.meanwhile === 'hidden') return reply(500, { code: 'internal_error' });

  return reply(200, approved(reference, made), made.settlesAt - now);
};

export const spoilt = ({ answer }: Behaviour): PlainAnswer => {
  if (answer === 'error') return reply(500, { code: 'internal_error' });
  if (answer === 'garbage') {
    return { kind: 'reply', status: 200, body: '<html>upstream says: {"status', afterMs: 0 };
  }
  if (answer === 'unlisted-code') return refuse(422, 'issuer_says_maybe');

  return { kind: 'hang' };
};

export const approved = (
  reference: string,
  { transactionId, amount, currency, settlesAt }: Charge,
): ApprovedAnswer => ({
  status: 'approved',
  transactionId,
  reference,
  amount,
  currency,
  approvedAt: new Date(settlesAt).toISOString(),
});

export const refundAnswer = (reference: string, made: Refund): PlainAnswer => {
  if (made.refused) return refuse(made.refused === code.chargeNotFound ? 404 : 409, made.refused);

  const { refundId, amount, currency, at } = made;

  return reply(200, {
    status: 'refunded',
    refundId,
    reference,
    amount,
    currency,
    refundedAt: new Date(at).toISOString(),
  } satisfies RefundedAnswer);
};

export const refuse = (status: number, refusal: string, extra: object = {}): PlainAnswer =>
  reply(status, { code: refusal, message: refusal.replaceAll('_', ' '), ...extra });
