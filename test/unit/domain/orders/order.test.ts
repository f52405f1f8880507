import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueShardOf } from '../../../../shared/domain/due-index.ts';
import {
  assertExpectedTotal,
  type Coupon,
  maxDistinctSkus,
  mergeLines,
  type OrderLine,
  type Product,
  placeOrder,
} from '../../../../shared/domain/orders/order.ts';
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

describe('the sums of an order', () => {
  it('are whole, never negative, and agree with one another', () => {
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

  it('are those of the lines as they were asked for, at the prices of the catalogue', () => {
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

describe('merged lines', () => {
  it('are one a sku, with the quantity of all of its lines', () => {
    fc.assert(
      fc.property(anyLines, (lines) => {
        const merged = mergeLines(lines);

        expect(new Set(merged.map(({ sku }) => sku)).size).toBe(merged.length);
        for (const { sku, quantity } of merged) {
          const asked = lines.filter((line) => line.sku === sku);
          expect(quantity).toBe(asked.reduce((sum, line) => sum + line.quantity, 0));
        }
      }),
    );
  });

  it('keep the order of first mention', () => {
    const lines = ['tea', 'cup', 'tea'].map((sku) => ({ sku, quantity: 1 }));

    expect(mergeLines(lines)).toEqual([
      { sku: 'tea', quantity: 2 },
      { sku: 'cup', quantity: 1 },
    ]);
  });

  it('stay the same when merged again', () => {
    fc.assert(
      fc.property(anyLines, (lines) => {
        expect(mergeLines(mergeLines(lines))).toEqual(mergeLines(lines));
      }),
    );
  });

  it('are as many as one transaction takes', () => {
    const distinct = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ sku: `sku-${index}`, quantity: 1 }));

    expect(mergeLines(distinct(maxDistinctSkus))).toHaveLength(80);
    expect(mergeLines([...distinct(80), ...distinct(80)])).toHaveLength(80);
    expect(() => mergeLines(distinct(81))).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ code: 'too-many-lines' }) }),
    );
  });
});

describe('an order that cannot be placed', () => {
  const tea = aProduct({ sku: 'tea', unitPrice: 2_500 });
  const one = [{ sku: 'tea', quantity: 1 }];
  const refused = (work: () => unknown, data: object) =>
    expect(work).toThrow(expect.objectContaining({ data: expect.objectContaining(data) }));

  it('names each sku that the catalogue has not', () => {
    const lines = ['cup', 'tea', 'pot', 'cup'].map((sku) => ({ sku, quantity: 1 }));

    refused(() => order(lines, [tea]), {
      code: 'product-not-found',
      errors: [
        { sku: 'cup', detail: 'There is no product "cup".' },
        { sku: 'pot', detail: 'There is no product "pot".' },
      ],
    });
  });

  it('has products of two currencies', () => {
    const lines = [...one, { sku: 'cup', quantity: 1 }];
    const cup = aProduct({ sku: 'cup', currency: 'USD' });

    refused(() => order(lines, [tea, cup]), { code: 'invalid-request' });
  });

  it('has a total that cannot be counted', () => {
    const gold = aProduct({ sku: 'tea', unitPrice: Number.MAX_SAFE_INTEGER });

    refused(() => order([{ sku: 'tea', quantity: 2 }], [gold]), { code: 'invalid-request' });
  });

  it.each([
    ['used', aCoupon({ status: 'USED' })],
    ['expired', aCoupon({ status: 'EXPIRED' })],
    ['out of time in this very moment', aCoupon({ expiresAt: noon.toISOString() })],
    ['in another currency', aCoupon({ currency: 'USD' })],
  ])('has a coupon that is %s', (_what, coupon) => {
    refused(() => order(one, [tea], coupon), { code: 'coupon-not-usable' });
  });
});

describe('an order that can be placed', () => {
  it('keeps its prices and its coupon, and waits to be paid', () => {
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
      requestHash: 'hash',
      expiresAt: coupon.expiresAt,
      dueShard: dueShardOf('ord_1'),
      dueAt: coupon.expiresAt,
      version: 1,
      createdAt: noon.toISOString(),
      updatedAt: noon.toISOString(),
    });
  });

  it('costs nothing where its coupon covers it, and never less', () => {
    const tea = aProduct({ sku: 'tea', unitPrice: 2_500 });
    const { discount, total } = order(
      [{ sku: 'tea', quantity: 1 }],
      [tea],
      aCoupon({ amountOff: 9_999 }),
    );

    expect({ discount, total }).toEqual({ discount: 2_500, total: 0 });
  });
});

describe('the total that a buyer was shown', () => {
  it('is the one that is charged, or nothing is', () => {
    const shown = anOrder();

    expect(() => assertExpectedTotal(shown)).not.toThrow();
    expect(() => assertExpectedTotal(shown, shown.total)).not.toThrow();
    expect(() => assertExpectedTotal(shown, shown.total - 1)).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ code: 'total-changed' }) }),
    );
  });
});
