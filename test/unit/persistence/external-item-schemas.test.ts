import { describe, expect, it } from 'vitest';
import {
  InvalidItemError,
  parseBalance,
  parseCoupon,
  parseProduct,
} from '../../../shared/persistence/external-item-schemas.ts';
import { aBalance, aCoupon, aProduct } from '../../support/builders/builders.ts';

const coupon = aCoupon({ userId: 'ann', couponId: 'c' });
const balance = aBalance({ userId: 'ann' });
const { name: _unused, ...product } = aProduct({ sku: 'tea' });

/** Values that are not a valid amount, price or count. */
const notCounts: readonly (readonly [string, unknown])[] = [
  ['negative', -1],
  ['a fraction', 0.1],
  ['a fraction of a large number', 2_999.5],
  ['not a number', Number.NaN],
  ['infinite', Number.POSITIVE_INFINITY],
  ['beyond 2^53 - 1', 2 ** 53],
  ['a BigInt', 9_007_199_254_740_993n],
  ['text', '3000'],
  ['a boolean', true],
  ['null', null],
  ['missing', undefined],
  ['a list', [1]],
];

const expectInvalid = (
  parse: typeof parseProduct | typeof parseCoupon | typeof parseBalance,
  item: Readonly<Record<string, unknown>>,
  fields: readonly string[],
) => {
  let thrown: unknown;
  try {
    parse(item);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(InvalidItemError);
  expect((thrown as InvalidItemError).fields).toEqual(fields);

  return thrown as InvalidItemError;
};

describe('external item', () => {
  it('is parsed to the fields that the service depends on', () => {
    const more = { imported: 'yesterday' };

    expect(parseProduct({ ...product, ...more })).toEqual(product);
    expect(parseCoupon({ ...coupon, ...more })).toEqual(coupon);
    expect(parseBalance({ ...balance, ...more })).toEqual(balance);
  });

  it('may have a price and stock of 0 and numbers up to 2^53 - 1', () => {
    const max = Number.MAX_SAFE_INTEGER;

    expect(parseProduct({ ...product, unitPrice: 0, available: 0 })).toMatchObject({
      unitPrice: 0,
    });
    expect(parseProduct({ ...product, unitPrice: max })).toMatchObject({ unitPrice: max });
    expect(parseBalance({ ...balance, available: max })).toMatchObject({ available: max });
  });

  it.each(notCounts)('is invalid, with the field named, if a number is %s', (_what, value) => {
    for (const field of ['unitPrice', 'available', 'reserved', 'sold', 'received'])
      expectInvalid(parseProduct, { ...product, [field]: value }, [field]);
    for (const field of ['available', 'held', 'spent', 'deposited'])
      expectInvalid(parseBalance, { ...balance, [field]: value }, [field]);
    expectInvalid(parseCoupon, { ...coupon, amountOff: value }, ['amountOff']);
  });

  it('is invalid if a coupon has an amount of 0', () => {
    expectInvalid(parseCoupon, { ...coupon, amountOff: 0 }, ['amountOff']);
  });

  it.each(['krw', 'KR', 'KRWX', '₩', '', ' KRW', 410, undefined])(
    'is invalid if its currency is %j',
    (currency) => {
      expectInvalid(parseProduct, { ...product, currency }, ['currency']);
      expectInvalid(parseCoupon, { ...coupon, currency }, ['currency']);
      expectInvalid(parseBalance, { ...balance, currency }, ['currency']);
    },
  );

  it.each(['2026-12-31', '2026-12-31T23:59:59', 1_798_761_600, '1798761600', '', undefined, null])(
    'is invalid if a coupon expires at %j',
    (expiresAt) => {
      expectInvalid(parseCoupon, { ...coupon, expiresAt }, ['expiresAt']);
    },
  );

  it('is invalid if a coupon has an unknown status', () => {
    expectInvalid(parseCoupon, { ...coupon, status: 'available' }, ['status']);
  });

  it('is reported with its table, its key and every invalid field', () => {
    const { message, table, key } = expectInvalid(
      parseCoupon,
      { ...coupon, amountOff: -500, expiresAt: '2026-12-31' },
      ['amountOff', 'expiresAt'],
    );

    expect({ table, key }).toEqual({ table: 'coupons', key: 'ann/c' });
    expect(message).toMatch(
      /^The item "ann\/c" of coupons is not valid. amountOff: .+; expiresAt: Not an RFC 3339/,
    );
  });
});
