import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { api, type PlacedOrder } from '../support/stack/api-client.ts';
import { pg } from '../support/stack/external-systems.ts';
import { paymentsOf } from '../support/stack/repositories.ts';
import { aBuyer, anOrder, aProduct, stock, wallets } from '../support/stack/stack-fixtures.ts';
import type { Reply } from '../support/stack/transports.ts';

const runTimes = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

/** The replies by status, and their counts. */
const sortReplies = (replies: readonly Reply[]) => {
  const withStatus = (wanted: number) => replies.filter(({ status }) => status === wanted);
  const counts = Object.fromEntries(
    replies.map(({ status }) => [status, withStatus(status).length]),
  );

  return { accepted: withStatus(202), refused: withStatus(409), counts };
};

it('creates one payment from fifty concurrent requests with one key', async () => {
  const order = await anOrder();
  const key = randomUUID();

  const replies = await runTimes(50, () => api.pay(order, { key }));

  const [first] = replies;
  for (const { status, body } of replies)
    expect({ status, body }).toEqual({ status: 202, body: first?.body });
  const firsts = replies.filter(({ headers }) => !('idempotency-replayed' in headers));
  // None if the first response was lost.
  expect(firsts.length).toBeLessThanOrEqual(1);
  const payment = { ...order, paymentId: `${first?.body.paymentId}` };
  expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED' });
  expect(await paymentsOf(order.buyer)).toHaveLength(1);
  expect(await pg.chargesOf(payment.paymentId)).toMatchObject({ counts: { requests: 1 } });
});

it('accepts one of twenty concurrent payments of an order and names it to the rest', async () => {
  const order = await anOrder();
  // The review keeps the order busy during the test.
  const paymentMethod = 'sim_wrong_amount';

  const replies = await runTimes(20, () => api.pay(order, { paymentMethod }));

  const { accepted, refused, counts } = sortReplies(replies);
  const [winner] = accepted;
  expect(counts).toEqual({ 202: 1, 409: 19 });
  for (const { body, headers } of refused) {
    expect(body).toMatchObject({ code: 'payment-in-progress' });
    expect(headers.location).toBe(winner?.headers.location);
  }
  expect(await paymentsOf(order.buyer)).toHaveLength(1);
});

it('sells ten units of ten to a hundred concurrent buyers', async () => {
  const sku = await aProduct({ available: 10, price: 100 });
  const orders: PlacedOrder[] = [];
  while (orders.length < 100) {
    orders.push(
      ...(await runTimes(10, async () =>
        anOrder({ buyer: await aBuyer({ available: 100 }), lines: [{ sku, quantity: 1 }] }),
      )),
    );
  }

  const replies = await Promise.all(
    orders.map((order, index) => api.pay(order, { balanceAmount: index % 101 })),
  );

  const { refused, counts } = sortReplies(replies);
  expect(counts).toEqual({ 202: 10, 409: 90 });
  for (const { body } of refused) {
    expect(body).toMatchObject({ code: 'out-of-stock', errors: [{ sku }] });
  }
  expect(await stock.of(sku)).toMatchObject({ available: 0, received: 10 });
});

it('accepts one of two concurrent payments from a balance for one', async () => {
  const buyer = await aBuyer({ available: 1_500 });
  const orders = await runTimes(2, () => anOrder({ buyer }));

  const replies = await Promise.all(
    orders.map((order) => api.pay(order, { balanceAmount: 1_000 })),
  );

  expect(replies.map(({ status }) => status).toSorted()).toEqual([202, 402]);
  expect(await wallets.of(buyer)).toMatchObject({ available: 500, deposited: 1_500 });
});
