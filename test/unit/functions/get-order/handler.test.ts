import { describe, expect, it } from 'vitest';
import { getOrder } from '../../../../functions/get-order/handler.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { createOrderRepository } from '../../../../shared/persistence/order-repository.ts';
import { anOrder } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

const order = anOrder({ userId: 'alice', discount: 500, couponId: 'c-1', version: 2 });

const reading = (stored: readonly object[]) => {
  const tables = new MemoryDynamo({ orders: ['orderId'] });
  for (const item of stored) tables.put('orders', item);
  const handler = httpHandler(getOrder({ orders: createOrderRepository(tables.client, 'orders') }));

  return (buyer: string, headers = {}) =>
    call(handler, { method: 'GET', path: `/orders/${order.orderId}`, buyer, headers });
};

describe('get order', () => {
  it('returns an order to its buyer', async () => {
    const { userId: _, requestHash: __, ...shown } = order;

    expect(await reading([order])('alice')).toMatchObject({
      status: 200,
      headers: { etag: '"2"', 'cache-control': 'private, no-cache' },
      body: shown,
    });
    expect((await reading([order])('alice')).body).toEqual(shown);
  });

  it('names the payment that holds the order', async () => {
    const get = reading([{ ...order, status: 'PAYING', activePaymentId: 'pay_1' }]);

    expect((await get('alice')).body).toMatchObject({ activePaymentId: 'pay_1' });
  });

  it('answers 304 if the entity tag matches', async () => {
    const get = reading([order]);

    expect(await get('alice', { 'if-none-match': '"2"' })).toMatchObject({ status: 304 });
    expect(await get('alice', { 'if-none-match': '"1"' })).toMatchObject({ status: 200 });
  });

  it("answers another buyer's order like a missing one", async () => {
    const headers = { 'if-none-match': '*' };

    const others = await reading([order])('bob', headers);

    expect(others).toMatchObject({ status: 404, body: { code: 'order-not-found' } });
    expect(others).toEqual(await reading([])('bob', headers));
  });
});
