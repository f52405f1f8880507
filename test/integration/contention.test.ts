import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { api, type PlacedOrder } from '../support/api.ts';
import { pg } from '../support/outside.ts';
import { paymentsOf } from '../support/stores.ts';
import type { Reply } from '../support/transports.ts';
import { aBuyer, anOrder, aProduct, books, stock } from '../support/world.ts';

const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

const withStatus = (replies: readonly Reply[], status: number) =>
  replies.filter((reply) => reply.status === status);

it('makes one payment of fifty posts of one key at once', async () => {
  const order = await anOrder();
  const key = randomUUID();

  const replies = await times(50, () => api.pay(order, { key }));

  const [accepted, busy] = [withStatus(replies, 202), withStatus(replies, 409)];
  const [first] = accepted;
  expect(accepted.length + busy.length).toBe(50);
  expect(new Set(accepted.map(({ body }) => body.paymentId))).toEqual(
    new Set([first?.body.paymentId]),
  );
  for (const { body, headers } of busy) {
    expect(body).toMatchObject({ code: 'idempotency-key-in-flight' });
    expect(headers).toHaveProperty('retry-after');
  }
  const payment = { ...order, paymentId: `${first?.body.paymentId}` };
  expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED' });
  expect(await paymentsOf(order.buyer)).toHaveLength(1);
  expect(await pg.of(payment.paymentId)).toMatchObject({ counts: { requests: 1 } });
});

it('accepts one of twenty payments of one order at once, and points the others to it', async () => {
  const order = await anOrder();
  const paymentMethod = 'sim_unlisted_code';

  const replies = await times(20, () => api.pay(order, { paymentMethod }));

  const [accepted, refused] = [withStatus(replies, 202), withStatus(replies, 409)];
  const [winner] = accepted;
  expect(accepted).toHaveLength(1);
  expect(refused).toHaveLength(19);
  for (const { body, headers } of refused) {
    expect(body).toMatchObject({ code: 'payment-in-progress' });
    expect(headers.location).toBe(winner?.headers.location);
  }
  expect(await paymentsOf(order.buyer)).toHaveLength(1);
});

it('sells ten of ten to a hundred who come at once', async () => {
  const sku = await aProduct({ available: 10, price: 100 });
  const orders: PlacedOrder[] = [];
  while (orders.length < 100) {
    orders.push(
      ...(await times(10, async () =>
        anOrder({ buyer: await aBuyer({ available: 100 }), lines: [{ sku, quantity: 1 }] }),
      )),
    );
  }

  const replies = await Promise.all(orders.map((order) => api.pay(order)));

  const [accepted, refused] = [withStatus(replies, 202), withStatus(replies, 409)];
  expect(accepted).toHaveLength(10);
  expect(refused).toHaveLength(90);
  for (const { body } of refused) {
    expect(body).toMatchObject({ code: 'out-of-stock', errors: [{ sku }] });
  }
  expect(await stock.of(sku)).toMatchObject({ available: 0, received: 10 });
});

it('accepts one of two payments at once from a balance for one', async () => {
  const buyer = await aBuyer({ available: 2_500 });
  const orders = await times(2, () => anOrder({ buyer }));

  const replies = await Promise.all(orders.map((order) => api.pay(order)));

  expect(replies.map(({ status }) => status).toSorted()).toEqual([202, 402]);
  expect(await books.of(buyer)).toMatchObject({ available: 0, deposited: 2_500 });
});
