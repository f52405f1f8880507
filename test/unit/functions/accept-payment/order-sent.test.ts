import { describe, expect, it } from 'vitest';
import { contentHashOf } from '../../../../shared/domain/ids.ts';
import type { Order, OrderContent } from '../../../../shared/domain/orders/order.ts';
import { type AcceptRequest, createAcceptHarness } from './harness.ts';

type AcceptHarness = ReturnType<typeof createAcceptHarness>;

const request = {
  key: 'k-1',
  orderId: 'ord_0',
  balanceAmount: 1_000,
  paymentMethod: 'sim_approve',
};

/** A shop that counts the commands of its requests. */
const createCountedHarness = (shop: { available?: number; stock?: number } = {}) => {
  let commands = 0;
  const turn = async () => {
    commands += 1;
  };
  const harness = createAcceptHarness({ ...shop, turn });
  const count = async (body: AcceptRequest) => {
    commands = 0;
    const reply = await harness.environment()(body);

    return { ...reply, commands };
  };

  return { ...harness, count };
};

const orderOf = ({ orders }: Pick<AcceptHarness, 'orders'>, orderId = 'ord_0') =>
  orders().find((order) => order.orderId === orderId) as Order;

/** Another content, with the hash that belongs to it. */
const forged = (order: Order, other: Partial<OrderContent>) => {
  const { lines, total, currency, expiresAt } = order;
  const content = { lines, total, currency, expiresAt, ...other };

  return { ...content, contentHash: contentHashOf(content) };
};

describe('accept payment with the order in the request', () => {
  it('sends one command and answers as without the order', async () => {
    const [plain, harness] = [createCountedHarness(), createCountedHarness()];
    const without = await plain.count(request);

    const reply = await harness.count({ ...request, order: orderOf(harness) });

    expect(reply).toEqual({ ...without, commands: 1 });
    expect(reply).toMatchObject({ status: 202, isReplay: false });
    expect(harness.payments()).toEqual([
      { ...plain.payments()[0], traceparent: harness.payments()[0]?.traceparent },
    ]);
    expect(harness.balance()).toEqual(plain.balance());
    expect(harness.product()).toEqual(plain.product());
  });

  it.each<[string, Partial<OrderContent>]>([
    ['a lower price', { total: 2 }],
    ['fewer units', { lines: [{ sku: 'tea', quantity: 2, unitPrice: 1_250 }] }],
    ['another product', { lines: [{ sku: 'gold', quantity: 1, unitPrice: 2_500 }] }],
    ['shards', { lines: [{ sku: 'tea', quantity: 1, unitPrice: 2_500, stockShards: 500 }] }],
    [
      'a shard as a product',
      {
        lines: [
          { sku: 'tea', quantity: 1, unitPrice: 1_250, stockShards: 2 },
          { sku: 'tea#1', quantity: 1, unitPrice: 1_250 },
          { sku: 'tea#2', quantity: 1, unitPrice: 0 },
        ],
      },
    ],
    ['a coupon', { couponId: 'free' }],
    ['another currency', { currency: 'JPY' }],
    ['a later expiry', { expiresAt: '2100-01-01T00:00:00.000Z' }],
  ])('pays the stored order if the request has %s', async (_what, other) => {
    const [plain, harness] = [createCountedHarness(), createCountedHarness()];
    const without = await plain.count({ ...request, balanceAmount: 1 });

    const reply = await harness.count({
      ...request,
      balanceAmount: 1,
      order: forged(orderOf(harness), other),
    });

    // The failed transaction has the stored order in its answer.
    expect(reply).toEqual({ ...without, commands: 2 });
    expect(harness.payments()[0]).toMatchObject({
      amount: 2_500,
      currency: 'KRW',
      reservation: { lines: [{ sku: 'tea', quantity: 1 }] },
    });
    expect(harness.payments()[0]).not.toHaveProperty('couponId');
    expect(harness.product()).toMatchObject({ available: 9, reserved: 1 });
  });

  it('pays the stored order of an earlier version, which has no hash', async () => {
    const harness = createCountedHarness();
    const { contentHash, ...order } = orderOf(harness);
    harness.tables.put('Orders', order);

    expect(await harness.count({ ...request, order })).toMatchObject({ status: 202, commands: 2 });
    expect(
      await harness.count({ ...request, key: 'k-2', order: { ...order, contentHash } }),
    ).toMatchObject({ status: 409, body: { code: 'payment-in-progress' } });
  });

  it.each<[string, Partial<Order>]>([
    ['another hash than its content', { contentHash: 'another' }],
    ['no hash', { contentHash: undefined }],
    ['a total that the buyer was not shown', { total: 9_999 }],
    ['an expiry that has passed', { expiresAt: '2001-01-01T00:00:00.000Z' }],
    [
      'one product in two lines',
      {
        lines: [
          { sku: 'tea', quantity: 1, unitPrice: 1_000 },
          { sku: 'tea', quantity: 1, unitPrice: 1_500 },
        ],
      },
    ],
  ])('reads the order if the request has %s', async (_what, other) => {
    const harness = createCountedHarness();
    const order = { ...forged(orderOf(harness), other), ...other };

    const reply = await harness.count({ ...request, expectedAmount: 2_500, order });

    expect(reply).toMatchObject({ status: 202, commands: 2 });
    expect(harness.payments()[0]).toMatchObject({ amount: 2_500 });
  });

  it.each([
    ['insufficient-balance', { available: 999 }, 402],
    ['out-of-stock', { stock: 0 }, 409],
  ])('stores the rejection %s for the order that it has read', async (code, shop, status) => {
    const [plain, harness] = [createCountedHarness(shop), createCountedHarness(shop)];
    const without = await plain.count(request);

    const reply = await harness.count({ ...request, order: orderOf(harness) });

    expect(reply).toEqual(without);
    expect(reply).toMatchObject({ status, body: { code } });
    expect(harness.payments()).toMatchObject([{ status: 'COMPENSATED', failure: { code } }]);
    expect(orderOf(harness)).toEqual(orderOf(plain));
  });

  it('stores no rejection of an order that only the request describes', async () => {
    const harness = createCountedHarness();
    const lines = [{ sku: 'gold', quantity: 1, unitPrice: 2_500 }];
    const order = forged(orderOf(harness), { lines });

    for (const orderId of ['ord_0', 'ord_2']) await harness.count({ ...request, orderId, order });

    expect(harness.payments()).toMatchObject([{ orderId: 'ord_0', status: 'RESERVED' }]);
  });

  it('answers a repeated request with and without the order from the same payment', async () => {
    const harness = createCountedHarness();
    const order = orderOf(harness);
    const here = harness.environment();
    const first = await here({ ...request, order });

    const again = [
      await here(request),
      await here({ ...request, order: forged(order, { total: 1 }) }),
      await harness.environment()(request),
      await harness.environment()({ ...request, order }),
    ];

    expect(again).toEqual([1, 2, 3, 4].map(() => ({ ...first, isReplay: true })));
    expect(harness.payments()).toHaveLength(1);
  });

  it.each([
    { lines: 'tea' },
    { lines: [{ sku: '', quantity: 1, unitPrice: 1 }] },
    { lines: [{ sku: 'tea', quantity: 0, unitPrice: 1 }] },
    { lines: Array.from({ length: 81 }, (_, n) => ({ sku: `${n}`, quantity: 1, unitPrice: 1 })) },
    { total: -1 },
    { total: '2500' },
  ])('rejects an order that no answer can have: %j', async (other) => {
    const harness = createCountedHarness();
    const order = { ...orderOf(harness), ...other };

    expect(await harness.count({ ...request, order })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
      commands: 0,
    });
  });
});
