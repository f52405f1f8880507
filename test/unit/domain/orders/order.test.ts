import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasCardNumber } from '../../../../shared/domain/card-number.ts';
import { dueShardOf } from '../../../../shared/domain/due-index.ts';
import { contentHashOf } from '../../../../shared/domain/ids.ts';
import {
  type Coupon,
  maxDistinctSkus,
  mergeLines,
  type OrderLine,
  type Product,
  placeOrder,
} from '../../../../shared/domain/orders/order.ts';
import { assertExpectedTotal } from '../../../../shared/domain/orders/order-to-pay.ts';
import { aCoupon, anOrder, aProduct, noon } from '../../../support/builders/builders.ts';

const skus = ['tea', 'cup', 'pot', 'tin'];

const anyLine = fc.record({
  sku: fc.constantFrom(...skus),
  quantity: fc.integer({ min: 1, max: 1_000 }),
});
const anyLines = fc.array(anyLine, { minLength: 1, maxLength: 200 });
const anyCatalogue = fc
  .tuple(...skus.map(() => fc.integer({ min: 0, max: 10_000_000 })))
  .map((prices) => skus.map((sku, index) => aProduct({ sku, unitPrice: prices[index] as number })));
const anyCoupon = fc.option(
  fc.integer({ min: 0, max: 1_000_000_000 }).map((amountOff) => aCoupon({ amountOff })),
  { nil: undefined },
);

const order = (lines: readonly OrderLine[], products: readonly Product[], coupon?: Coupon) =>
  placeOrder({
    orderId: 'ord_1',
    userId: 'alice',
    lines,
    products,
    ...(coupon && { coupon }),
    requestHash: 'hash',
    at: noon,
  });

describe('a line of a product with shards', () => {
  it('has their number, so that accept selects one without a read', () => {
    const products = [aProduct({ sku: 'tea', stockShards: 8 }), aProduct({ sku: 'cup' })];
    const lines = [
      { sku: 'tea', quantity: 1 },
      { sku: 'cup', quantity: 2 },
    ];

    expect(order(lines, products).lines).toEqual([
      { sku: 'tea', quantity: 1, unitPrice: 2_500, stockShards: 8 },
      { sku: 'cup', quantity: 2, unitPrice: 2_500 },
    ]);
    expect(
      order(lines, [aProduct({ sku: 'tea', stockShards: 1 }), aProduct({ sku: 'cup' })]).lines[0],
    ).not.toHaveProperty('stockShards');
  });
});

describe('order totals', () => {
  it('are safe integers, never negative, and consistent', () => {
    fc.assert(
      fc.property(anyLines, anyCatalogue, anyCoupon, (lines, products, coupon) => {
        const { subtotal, discount, total } = order(lines, products, coupon);

        for (const sum of [subtotal, discount, total]) {
          expect(Number.isSafeInteger(sum)).toBe(true);
          expect(sum).toBeGreaterThanOrEqual(0);
        }
        expect(total).toBe(subtotal - discount);
        expect(discount).toBe(Math.min(coupon?.amountOff ?? 0, subtotal));
      }),
    );
  });

  it('are the sum of the requested lines at catalogue prices', () => {
    fc.assert(
      fc.property(anyLines, anyCatalogue, (lines, products) => {
        const priceOf = new Map(products.map(({ sku, unitPrice }) => [sku, unitPrice]));
        const expected = lines.reduce(
          (sum, { sku, quantity }) => sum + quantity * (priceOf.get(sku) as number),
          0,
        );

        expect(order(lines, products).subtotal).toBe(expected);
      }),
    );
  });

  it('do not depend on the order of the lines', () => {
    fc.assert(
      fc.property(anyLines, anyCatalogue, (lines, products) => {
        expect(order(lines.toReversed(), products).total).toBe(order(lines, products).total);
      }),
    );
  });
});

describe('merge lines', () => {
  it('gives one line per SKU with the sum of its quantities', () => {
    fc.assert(
      fc.property(anyLines, (lines) => {
        const merged = mergeLines(lines);

        expect(new Set(merged.map(({ sku }) => sku)).size).toBe(merged.length);
        for (const { sku, quantity } of merged) {
          const requested = lines.filter((line) => line.sku === sku);
          expect(quantity).toBe(requested.reduce((sum, line) => sum + line.quantity, 0));
        }
      }),
    );
  });

  it('keeps the order of first mention', () => {
    const lines = ['tea', 'cup', 'tea'].map((sku) => ({ sku, quantity: 1 }));

    expect(mergeLines(lines)).toEqual([
      { sku: 'tea', quantity: 2 },
      { sku: 'cup', quantity: 1 },
    ]);
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(anyLines, (lines) => {
        expect(mergeLines(mergeLines(lines))).toEqual(mergeLines(lines));
      }),
    );
  });

  it('rejects more distinct SKUs than one transaction takes', () => {
    const distinct = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ sku: `sku-${index}`, quantity: 1 }));

    expect(mergeLines(distinct(maxDistinctSkus))).toHaveLength(80);
    expect(mergeLines([...distinct(80), ...distinct(80)])).toHaveLength(80);
    expect(() => mergeLines(distinct(81))).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ code: 'too-many-lines' }) }),
    );
  });
});

describe('place an order with invalid input', () => {
  const tea = aProduct({ sku: 'tea', unitPrice: 2_500 });
  const one = [{ sku: 'tea', quantity: 1 }];
  const expectRejection = (work: () => unknown, data: object) =>
    expect(work).toThrow(expect.objectContaining({ data: expect.objectContaining(data) }));

  it('names each SKU that the catalogue does not have', () => {
    const lines = ['cup', 'tea', 'pot', 'cup'].map((sku) => ({ sku, quantity: 1 }));

    expectRejection(() => order(lines, [tea]), {
      code: 'product-not-found',
      errors: [
        { sku: 'cup', detail: 'There is no product "cup".' },
        { sku: 'pot', detail: 'There is no product "pot".' },
      ],
    });
  });

  it('rejects products of two currencies', () => {
    const lines = [...one, { sku: 'cup', quantity: 1 }];
    const cup = aProduct({ sku: 'cup', currency: 'USD' });

    expectRejection(() => order(lines, [tea, cup]), { code: 'invalid-request' });
  });

  it('rejects a total above 2^53 - 1', () => {
    const gold = aProduct({ sku: 'tea', unitPrice: Number.MAX_SAFE_INTEGER });

    expectRejection(() => order([{ sku: 'tea', quantity: 2 }], [gold]), {
      code: 'invalid-request',
    });
  });

  it.each([
    ['used', aCoupon({ status: 'USED' })],
    ['expired', aCoupon({ status: 'EXPIRED' })],
    ['expiring at this instant', aCoupon({ expiresAt: noon.toISOString() })],
    ['in another currency', aCoupon({ currency: 'USD' })],
  ])('rejects a coupon that is %s', (_state, coupon) => {
    expectRejection(() => order(one, [tea], coupon), { code: 'coupon-not-usable' });
  });
});

describe('place an order', () => {
  it('stores prices and coupon and waits for payment', () => {
    const coupon = aCoupon({ amountOff: 500, expiresAt: '2026-03-14T12:00:00.001Z' });
    const tea = aProduct({ sku: 'tea', unitPrice: 2_500 });

    expect(order([{ sku: 'tea', quantity: 2 }], [tea], coupon)).toEqual({
      orderId: 'ord_1',
      userId: 'alice',
      status: 'PENDING_PAYMENT',
      lines: [{ sku: 'tea', quantity: 2, unitPrice: 2_500 }],
      couponId: coupon.couponId,
      subtotal: 5_000,
      discount: 500,
      total: 4_500,
      currency: 'KRW',
      contentHash: expect.any(String),
      requestHash: 'hash',
      expiresAt: coupon.expiresAt,
      dueShard: dueShardOf('ord_1'),
      dueAt: coupon.expiresAt,
      version: 1,
      createdAt: noon.toISOString(),
      updatedAt: noon.toISOString(),
    });
  });

  it('limits the discount to the subtotal', () => {
    const tea = aProduct({ sku: 'tea', unitPrice: 2_500 });
    const { discount, total } = order(
      [{ sku: 'tea', quantity: 1 }],
      [tea],
      aCoupon({ amountOff: 9_999 }),
    );

    expect({ discount, total }).toEqual({ discount: 2_500, total: 0 });
  });
});

describe('content hash of an order', () => {
  it('is the hash of its lines, coupon, total, currency and expiry', () => {
    fc.assert(
      fc.property(anyLines, anyCatalogue, anyCoupon, (...given) => {
        const { lines, couponId, total, currency, expiresAt, contentHash } = order(...given);

        expect(contentHash).toBe(contentHashOf({ lines, couponId, total, currency, expiresAt }));
      }),
    );
  });

  it('is never taken for a card number', () => {
    const hashes = Array.from({ length: 2_000 }, (_, total) => contentHashOf({ total }));

    expect(hashes.filter(hasCardNumber)).toEqual([]);
  });
});

describe('expected total', () => {
  it('is the charged total; otherwise the request is rejected', () => {
    const shown = anOrder();

    expect(() => assertExpectedTotal(shown)).not.toThrow();
    expect(() => assertExpectedTotal(shown, shown.total)).not.toThrow();
    expect(() => assertExpectedTotal(shown, shown.total - 1)).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ code: 'total-changed' }) }),
    );
  });
});
