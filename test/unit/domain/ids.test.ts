import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveOrderId, derivePaymentId, requestHashOf } from '../../../shared/domain/ids.ts';

describe('request hash', () => {
  it('does not depend on key order or white space', () => {
    const compact = JSON.parse('{"orderId":"ord_1","lines":[{"sku":"tea","quantity":1}]}');
    const spaced = JSON.parse(`{
      "lines": [ { "quantity": 1, "sku": "tea" } ],
      "orderId": "ord_1"
    }`);

    expect(requestHashOf(spaced)).toBe(requestHashOf(compact));
  });

  it('treats an undefined property like an absent one', () => {
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
  ])('differs between %j and %j', (one, other) => {
    expect(requestHashOf(one)).not.toBe(requestHashOf(other));
  });

  it('depends only on the value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (body) => {
        const reversed = Object.fromEntries(Object.entries(body).reverse());

        expect(requestHashOf(reversed)).toBe(requestHashOf(body));
      }),
    );
  });
});

describe('derived id of a buyer and a key', () => {
  it('is equal for equal input', () => {
    expect(derivePaymentId('alice', 'k-1')).toBe(derivePaymentId('alice', 'k-1'));
    expect(derivePaymentId('alice', 'k-1')).toMatch(/^pay_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(deriveOrderId('alice', 'k-1')).toMatch(/^ord_[0-9a-hjkmnp-tv-z]{26}$/);
  });

  it('differs for another buyer or key, also if their concatenation is equal', () => {
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
