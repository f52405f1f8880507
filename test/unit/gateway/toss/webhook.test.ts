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

describe('read a Toss Payments webhook', () => {
  it.each<[string, object]>([
    [
      'a payment status',
      { eventType: 'PAYMENT_STATUS_CHANGED', createdAt: '2026-03-14T21:00:00.000', data: payment },
    ],
    [
      'a cancellation',
      { eventType: 'CANCEL_STATUS_CHANGED', createdAt: '2026-03-14T21:00:00.000', data: payment },
    ],
    [
      'a deposit',
      { createdAt: '2026-03-14T21:00:00.000', secret: 's', transactionKey: 'k', ...payment },
    ],
  ])('returns the orderId for %s', async (_case, body) => {
    expect(await read(body, sent)).toEqual({ id: 'trn_1', reference: 'pay_1' });
  });

  it.each([
    'READY',
    'IN_PROGRESS',
    'WAITING_FOR_DEPOSIT',
    'DONE',
    'CANCELED',
    'PARTIAL_CANCELED',
    'ABORTED',
    'EXPIRED',
    'A_STATUS_OF_THE_FUTURE',
  ])('returns the orderId only, whatever the status says: %s', async (status) => {
    for (const eventType of ['PAYMENT_STATUS_CHANGED', 'CANCEL_STATUS_CHANGED'])
      expect(await read({ eventType, data: { ...payment, status } }, sent)).toEqual({
        id: 'trn_1',
        reference: 'pay_1',
      });
  });

  it('returns the reference of a later attempt', async () => {
    const data = { ...payment, orderId: 'pay_1-2' };

    expect(await read({ eventType: 'PAYMENT_STATUS_CHANGED', data }, sent)).toEqual({
      id: 'trn_1',
      reference: 'pay_1-2',
    });
  });

  it.each<[string, object | string]>([
    ['a payout', { eventType: 'payout.changed', data: payment }],
    ['a payment without an order', { eventType: 'PAYMENT_STATUS_CHANGED', data: {} }],
    ['a body that is not JSON', 'hello'],
  ])('returns only the id for %s', async (_case, body) => {
    expect(await read(body, sent)).toEqual({ id: 'trn_1' });
  });

  it('derives the id from the body if there is no transmission id', async () => {
    const [first, again, other] = await Promise.all([
      read({ a: 1 }),
      read({ a: 1 }),
      read({ a: 2 }),
    ]);

    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
  });
});
