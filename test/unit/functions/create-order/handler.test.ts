import { NumberValueImpl } from '@aws-sdk/util-dynamodb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hasCardNumber } from '../../../../shared/domain/card-number.ts';
import type { Product } from '../../../../shared/domain/orders/order.ts';
import { splitStock } from '../../../../shared/domain/orders/stock-shards.ts';
import { logger } from '../../../../shared/observability/logger.ts';
import { aCoupon, aProduct } from '../../../support/builders/builders.ts';
import { captureMetrics } from '../../../support/capture-metrics.ts';
import { recordStates } from '../../../support/fakes/memory-idempotency-table.ts';
import { createOrderHarness } from './harness.ts';

afterEach(() => vi.restoreAllMocks());

const line = (sku: string, quantity: unknown = 1) => ({ sku, quantity });

const distinct = (count: number) =>
  Array.from({ length: count }, (_, index) => line(`sku-${index}`));

describe('create order', () => {
  it('prices the order from the catalogue and stores it', async () => {
    const shop = createOrderHarness();

    const answer = await shop.order({ lines: [line('tea', 2), line('cup', 1), line('tea', 1)] });

    const { orderId } = answer.body;
    expect(answer.status).toBe(201);
    expect(answer.headers.location).toBe(`orders/${orderId}`);
    expect(answer.headers).not.toHaveProperty('idempotency-replayed');
    expect(answer.body).toEqual({
      orderId: expect.stringMatching(/^ord_/),
      status: 'PENDING_PAYMENT',
      lines: [
        { sku: 'tea', quantity: 3, unitPrice: 2_500 },
        { sku: 'cup', quantity: 1, unitPrice: 1_000 },
      ],
      subtotal: 8_500,
      discount: 0,
      total: 8_500,
      currency: 'KRW',
      contentHash: shop.orders()[0]?.contentHash,
      expiresAt: '2026-03-15T12:00:00.000Z',
    });
    expect(shop.orders()).toEqual([
      expect.objectContaining({
        orderId,
        userId: 'alice',
        status: 'PENDING_PAYMENT',
        total: 8_500,
        contentHash: expect.stringMatching(/^[\w-]{43}$/),
      }),
    ]);
  });

  it.each([
    ['a SKU', { lines: [line('4242424242424242')] }],
    ['a coupon', { lines: [line('tea')], couponId: '4242 4242 4242 4242' }],
  ])('rejects a card number as %s and stores it nowhere', async (_what, body) => {
    const shop = createOrderHarness();

    const answers = [await shop.post(body), await shop.post(body)];

    for (const answer of answers)
      expect(answer).toMatchObject({ status: 422, body: { code: 'card-number-refused' } });
    expect(JSON.stringify([answers, shop.answers.stored(), shop.orders()])).not.toMatch(
      /4242.?4242/,
    );
  });

  it('accepts a SKU of the catalogue that looks like a card number', async () => {
    const shop = createOrderHarness();
    const sku = '4006381000093';
    expect(hasCardNumber(sku)).toBe(true);
    shop.stock(aProduct({ sku }));

    expect(await shop.order({ lines: [line(sku)] })).toMatchObject({ status: 201 });
  });

  it('accepts 200 lines of one SKU, but not 81 SKUs', async () => {
    const shop = createOrderHarness();

    const same = await shop.order({ lines: Array.from({ length: 200 }, () => line('tea', 1_000)) });
    const tooMany = await shop.order({ key: 'k-2', lines: distinct(81) });
    const unknown = await shop.order({ key: 'k-3', lines: distinct(80) });

    expect(same).toMatchObject({ status: 201, body: { lines: [line('tea', 200_000)] } });
    expect(tooMany).toMatchObject({ status: 422, body: { code: 'too-many-lines' } });
    expect(unknown).toMatchObject({ status: 422, body: { code: 'product-not-found' } });
  });

  it.each([
    ['no lines', { lines: [] }, '/lines'],
    ['201 lines', { lines: Array.from({ length: 201 }, () => line('tea')) }, '/lines'],
    ['a quantity of 0', { lines: [line('tea', 0)] }, '/lines/0/quantity'],
    ['a negative quantity', { lines: [line('tea', -1)] }, '/lines/0/quantity'],
    ['a fractional quantity', { lines: [line('tea', 0.5)] }, '/lines/0/quantity'],
    ['a quantity of 1001', { lines: [line('tea', 1_001)] }, '/lines/0/quantity'],
    ['a quantity as text', { lines: [line('tea', '1')] }, '/lines/0/quantity'],
    ['an empty SKU', { lines: [line('')] }, '/lines/0/sku'],
    ['a price of its own', { lines: [{ ...line('tea'), unitPrice: 1 }] }, '/lines/0/unitPrice'],
    ['a total of its own', { lines: [line('tea')], total: 1 }, '/total'],
    ['an empty coupon id', { lines: [line('tea')], couponId: '' }, '/couponId'],
  ])('rejects %s and stores nothing', async (_what, body, pointer) => {
    const shop = createOrderHarness();

    expect(await shop.post(body)).toMatchObject({
      status: 400,
      body: { code: 'invalid-request', errors: [{ pointer }] },
    });
    expect(shop.orders()).toEqual([]);
    expect(shop.answers.stored()).toEqual([]);
  });

  it('sells no shard of a product as a product of its own', async () => {
    const shop = createOrderHarness();
    for (const item of splitStock(aProduct({ sku: 'pot', available: 4 }), 2)) {
      shop.tables.put('products', item);
    }

    const placed = await shop.order({ lines: [{ sku: 'pot', quantity: 1 }] });
    const ofShard = await shop.order({ lines: [{ sku: 'pot#1', quantity: 1 }], key: 'k-2' });

    expect(placed).toMatchObject({ status: 201, body: { lines: [{ stockShards: 2 }] } });
    expect(ofShard).toMatchObject({ status: 422, body: { code: 'product-not-found' } });
  });

  it('names each product that is not in the catalogue', async () => {
    const shop = createOrderHarness();

    expect(await shop.order({ lines: [line('pot'), line('tea'), line('tin')] })).toMatchObject({
      status: 422,
      body: { code: 'product-not-found', errors: [{ sku: 'pot' }, { sku: 'tin' }] },
    });
  });
});

describe('create order from a catalogue with invalid values', () => {
  it.each([
    ['a negative price', { unitPrice: -3_000 }],
    ['a price with decimals', { unitPrice: 19.99 }],
    ['a price as text', { unitPrice: '2500' }],
    ['a price beyond 2^53 - 1', { unitPrice: NumberValueImpl.from(`${2 ** 53}`) }],
    ['no price', { unitPrice: undefined }],
    ['an invalid currency', { currency: 'won' }],
    ['a fractional stock', { available: 0.5 }],
    ['a negative reservation', { reserved: -1 }],
  ])('rejects a product with %s by name, stores nothing, uses no coupon', async (_what, bad) => {
    const coupon = aCoupon({ userId: 'alice' });
    const shop = createOrderHarness({ coupons: [coupon] });
    for (const sku of ['pot', 'tin'])
      shop.stock({ ...aProduct({ sku }), ...bad } as unknown as Product);

    const answer = await shop.order({
      lines: [line('pot'), line('tea'), line('tin')],
      couponId: coupon.couponId,
    });

    const [field] = Object.keys(bad);
    expect(answer).toMatchObject({
      status: 409,
      body: {
        code: 'product-not-sellable',
        errors: [
          { sku: 'pot', detail: `The product "pot" is not valid as stored: ${field}.` },
          { sku: 'tin', detail: `The product "tin" is not valid as stored: ${field}.` },
        ],
      },
    });
    expect(shop.orders()).toEqual([]);
    expect(shop.coupons()).toEqual([coupon]);
  });

  it('accepts a product with price 0', async () => {
    const shop = createOrderHarness();
    shop.stock(aProduct({ sku: 'leaflet', unitPrice: 0 }));

    expect(await shop.order({ lines: [line('leaflet', 2)] })).toMatchObject({
      status: 201,
      body: { subtotal: 0, total: 0 },
    });
  });

  it('logs and counts the invalid value for the operators', async () => {
    const logged = vi.spyOn(logger, 'error');
    const measures = captureMetrics();
    const shop = createOrderHarness();
    shop.stock(aProduct({ sku: 'pot', unitPrice: -1 }));

    await shop.order({ lines: [line('pot')] });

    expect(logged).toHaveBeenCalledExactlyOnceWith('external item invalid', {
      table: 'products',
      key: 'pot',
      reason: expect.stringContaining('unitPrice: '),
    });
    expect(measures).toContainEqual({ table: 'products', InvalidItems: 1 });
  });
});

describe('create order with a repeated idempotency key', () => {
  it.each(recordStates)('returns the same response %s', async (_when, then) => {
    const coupon = aCoupon({ userId: 'alice' });
    const shop = createOrderHarness({ coupons: [coupon] });
    const withCoupon = { couponId: coupon.couponId };
    const first = await shop.order(withCoupon);
    const stored = [shop.orders(), shop.coupons()];
    then(shop);
    shop.stock(aProduct({ sku: 'tea', unitPrice: 9_999 }));

    const second = await shop.order(withCoupon);

    expect(first).toMatchObject({ status: 201, body: { total: 2_000 } });
    expect(second).toEqual({
      ...first,
      headers: { ...first.headers, 'idempotency-replayed': 'true' },
    });
    expect([shop.orders(), shop.coupons()]).toEqual(stored);
  });

  it('returns the same response after order and catalogue changed', async () => {
    const shop = createOrderHarness();
    const first = await shop.order();
    const [order] = shop.orders();
    shop.answers.forget();
    shop.put('orders', { ...order, status: 'CANCELLED', version: 3 });
    shop.stock(aProduct({ sku: 'tea', currency: 'USD' }));

    expect((await shop.order()).body).toEqual(first.body);
  });

  it.each(recordStates)('rejects another order %s', async (_when, then) => {
    const shop = createOrderHarness();
    await shop.order();
    then(shop);

    for (const lines of [[line('tea', 2)], [line('pot')]]) {
      expect(await shop.order({ lines })).toMatchObject({
        status: 422,
        body: { code: 'idempotency-key-reused' },
      });
    }
    expect(shop.orders()).toHaveLength(1);
  });

  it('creates another order for another buyer', async () => {
    const shop = createOrderHarness();

    const alice = await shop.order();
    const bob = await shop.order({ buyer: 'bob' });

    expect(bob.status).toBe(201);
    expect(bob.headers).not.toHaveProperty('idempotency-replayed');
    expect(bob.body.orderId).not.toBe(alice.body.orderId);
  });

  it('returns the same rejection again', async () => {
    const shop = createOrderHarness();
    const first = await shop.order({ lines: [line('pot')] });
    shop.stock(aProduct({ sku: 'pot' }));

    expect(await shop.order({ lines: [line('pot')] })).toMatchObject({
      status: 422,
      headers: { 'idempotency-replayed': 'true' },
      body: first.body,
    });
  });
});
