import { describe, expect, it } from 'vitest';
import { readTossWebhook } from '../../../../shared/gateway/toss/webhook.ts';
import { noon } from '../../../support/builders/builders.ts';

const read = (body: object | string, headers: Record<string, string> = {}) =>
  readTossWebhook(
    { headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) },
    [],
    noon,
  );

const sent = { 'tosspayments-webhook-transmission-id': 'trn_1' };
const payment = { paymentKey: 'tgen_1', orderId: 'pay_1', status: 'DONE' };

describe('a webhook of Toss Payments', () => {
  it.each<[string, object]>([
    [
      "of a payment's status",
      { eventType: 'PAYMENT_STATUS_CHANGED', createdAt: '2026-03-14T21:00:00.000', data: payment },
    ],
    [
      'of a cancellation',
      { eventType: 'CANCEL_STATUS_CHANGED', createdAt: '2026-03-14T21:00:00.000', data: payment },
    ],
    [
      'of a deposit',
      { createdAt: '2026-03-14T21:00:00.000', secret: 's', transactionKey: 'k', ...payment },
    ],
  ])('%s is about its orderId', async (_case, body) => {
    expect(await read(body, sent)).toEqual({ id: 'trn_1', reference: 'pay_1' });
  });

  it.each<[string, object | string]>([
    ['of a payout', { eventType: 'payout.changed', data: payment }],
    ['of a payment without an order', { eventType: 'PAYMENT_STATUS_CHANGED', data: {} }],
    ['that is none', 'hello'],
  ])('%s is of no concern', async (_case, body) => {
    expect(await read(body, sent)).toEqual({ id: 'trn_1' });
  });

  it('without an id of its own is known again by what it says', async () => {
    const [first, again, other] = await Promise.all([
      read({ a: 1 }),
      read({ a: 1 }),
      read({ a: 2 }),
    ]);

    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
  });
});
