import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveOrderId, derivePaymentId, requestHashOf } from '../../../shared/domain/ids.ts';

describe('the hash of a request', () => {
  it('is the same for another order of keys and other spaces', () => {
    const compact = JSON.parse('{"orderId":"ord_1","lines":[{"sku":"tea","quantity":1}]}');
    const spaced = JSON.parse(`{
      "lines": [ { "quantity": 1, "sku": "tea" } ],
      "orderId": "ord_1"
    }`);

    expect(requestHashOf(spaced)).toBe(requestHashOf(compact));
  });

  it('is the same for a part that is left out and one that is undefined', () => {
    expect(requestHashOf({ a: 1, b: undefined })).toBe(requestHashOf({ a: 1 }));
  });

  it.each([
    [{ amount: 1 }, { amount: '1' }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [
      { a: 1, b: 2 },
      { a: 2, b: 1 },
    ],
    [{ lines: [{ sku: 'tea' }, { sku: 'cup' }] }, { lines: [{ sku: 'cup' }, { sku: 'tea' }] }],
    [{ a: null }, {}],
    [{ a: {} }, { a: [] }],
  ])('tells %j from %j', (one, other) => {
    expect(requestHashOf(one)).not.toBe(requestHashOf(other));
  });

  it('depends on nothing but the value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (body) => {
        const turned = Object.fromEntries(Object.entries(body).reverse());

        expect(requestHashOf(turned)).toBe(requestHashOf(body));
      }),
    );
  });
});

describe('an id made from a buyer and a key', () => {
  it('is the same whenever they are', () => {
    expect(derivePaymentId('alice', 'k-1')).toBe(derivePaymentId('alice', 'k-1'));
    expect(derivePaymentId('alice', 'k-1')).toMatch(/^pay_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(deriveOrderId('alice', 'k-1')).toMatch(/^ord_[0-9a-hjkmnp-tv-z]{26}$/);
  });

  it('is another one for another buyer or key, wherever the one ends and the other begins', () => {
    const ids = [
      derivePaymentId('alice', 'k-1'),
      derivePaymentId('alice', 'k-2'),
      derivePaymentId('bob', 'k-1'),
      derivePaymentId('alicek', '-1'),
      derivePaymentId('alice","k', '-1'),
    ];

    expect(new Set(ids).size).toBe(ids.length);
  });
});
