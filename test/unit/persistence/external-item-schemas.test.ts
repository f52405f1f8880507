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

/** What no amount, price or count may be, whatever else it may be. */
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

const refusing = (
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

describe('an item of another service', () => {
  it('is read with the fields that the service depends on', () => {
    const more = { imported: 'yesterday' };

    expect(parseProduct({ ...product, ...more })).toEqual(product);
    expect(parseCoupon({ ...coupon, ...more })).toEqual(coupon);
    expect(parseBalance({ ...balance, ...more })).toEqual(balance);
  });

  it('may cost nothing, be empty, and count up to 2^53 - 1', () => {
    const most = Number.MAX_SAFE_INTEGER;

    expect(parseProduct({ ...product, unitPrice: 0, available: 0 })).toMatchObject({
      unitPrice: 0,
    });
    expect(parseProduct({ ...product, unitPrice: most })).toMatchObject({ unitPrice: most });
    expect(parseBalance({ ...balance, available: most })).toMatchObject({ available: most });
  });

  it.each(notCounts)('is refused by name where a number is %s', (_what, value) => {
    for (const field of ['unitPrice', 'available', 'reserved', 'sold', 'received'])
      refusing(parseProduct, { ...product, [field]: value }, [field]);
    for (const field of ['available', 'held', 'spent', 'deposited'])
      refusing(parseBalance, { ...balance, [field]: value }, [field]);
    refusing(parseCoupon, { ...coupon, amountOff: value }, ['amountOff']);
  });

  it('is refused where a coupon takes nothing off', () => {
    refusing(parseCoupon, { ...coupon, amountOff: 0 }, ['amountOff']);
  });

  it.each(['krw', 'KR', 'KRWX', '₩', '', ' KRW', 410, undefined])(
    'is refused where its currency is %j',
    (currency) => {
      refusing(parseProduct, { ...product, currency }, ['currency']);
      refusing(parseCoupon, { ...coupon, currency }, ['currency']);
      refusing(parseBalance, { ...balance, currency }, ['currency']);
    },
  );

  it.each(['2026-12-31', '2026-12-31T23:59:59', 1_798_761_600, '1798761600', '', undefined, null])(
    'is refused where a coupon ends at %j',
    (expiresAt) => {
      refusing(parseCoupon, { ...coupon, expiresAt }, ['expiresAt']);
    },
  );

  it('is refused where a coupon has a status that does not exist', () => {
    refusing(parseCoupon, { ...coupon, status: 'available' }, ['status']);
  });

  it('names its table, its key and every fault', () => {
    const { message, table, key } = refusing(
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
