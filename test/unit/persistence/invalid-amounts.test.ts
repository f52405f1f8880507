import { describe, expect, it } from 'vitest';
import type { Database } from '../../../shared/config/platform.ts';
import { InvalidAmountError } from '../../../shared/domain/money.ts';
import { createBalanceRepository } from '../../../shared/persistence/balance-repository.ts';
import { createProductRepository } from '../../../shared/persistence/product-repository.ts';

const db = {} as Database;
const balances = createBalanceRepository(db, 'Balances');
const products = createProductRepository(db, 'Products');
const buyer = { userId: 'ann', currency: 'KRW' };

const transfers: readonly (readonly [string, (amount: number) => unknown])[] = [
  ['balances.hold', (amount) => balances.hold(buyer, amount)],
  ['balances.capture', (amount) => balances.capture(buyer, amount)],
  ['balances.release', (amount) => balances.release(buyer, amount)],
  ['balances.refund', (amount) => balances.refund(buyer, amount)],
  ['products.reserve', (quantity) => products.reserve({ sku: 'tea', quantity })],
  ['products.sell', (quantity) => products.sell({ sku: 'tea', quantity })],
  ['products.restore', (quantity) => products.restore({ sku: 'tea', quantity })],
  ['products.restock', (quantity) => products.restock({ sku: 'tea', quantity })],
];

const invalidAmounts = [
  -3_000,
  -1,
  0,
  0.1,
  2_999.5,
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '3000' as unknown as number,
  undefined as unknown as number,
];

describe.each(transfers)('%s', (_name, transfer) => {
  it.each(invalidAmounts)('throws InvalidAmountError for %j', (amount) => {
    expect(() => transfer(amount)).toThrow(InvalidAmountError);
  });

  it.each([1, Number.MAX_SAFE_INTEGER])('transfers %i', (amount) => {
    expect(transfer(amount)).toMatchObject({
      Update: { ExpressionAttributeValues: { ':v0': -amount, ':v1': amount } },
    });
  });
});
