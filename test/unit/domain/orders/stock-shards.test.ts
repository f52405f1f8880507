import { describe, expect, it } from 'vitest';
import {
  chooseShards,
  findParts,
  isMoving,
  maxStockShards,
  partsToRestock,
  planMoves,
  shardKeyOf,
  splitStock,
  stockPartsOf,
  withRestocked,
} from '../../../../shared/domain/orders/stock-shards.ts';
import { aProduct, noon } from '../../../support/builders/builders.ts';

describe('the items of a sharded product', () => {
  it('has its own item as the first shard', () => {
    expect([0, 1, 17].map((shard) => shardKeyOf('tea', shard))).toEqual(['tea', 'tea#1', 'tea#17']);
  });

  it('is one item without shards, exactly as it was', () => {
    const product = aProduct({ sku: 'tea', available: 5 });

    expect(splitStock(product, 1)).toEqual([product]);
  });

  it('splits its units over its shards without a rest', () => {
    const product = aProduct({ sku: 'tea', available: 8 });
    const counts = (units: number) => ({ available: units, reserved: 0, sold: 0, received: units });

    expect(splitStock(product, 3)).toEqual([
      { ...product, ...counts(3), stockShards: 3, stockShardsCreated: 3 },
      { sku: 'tea#1', shardOf: 'tea', ...counts(3) },
      { sku: 'tea#2', shardOf: 'tea', ...counts(2) },
    ]);
  });
});

describe('the shard of a payment', () => {
  const hot = { sku: 'tea', quantity: 2, stockShards: 10 };
  const shardOf = (paymentId: string, attempt = 0) =>
    chooseShards(paymentId, [hot], attempt)[0]?.parts?.[0]?.sku;

  it('is none for a product without shards', () => {
    expect(chooseShards('pay_1', [{ sku: 'cup', quantity: 1 }], 0)).toEqual([
      { sku: 'cup', quantity: 1 },
    ]);
  });

  it('is the same for each try of one payment, and takes all units of the line', () => {
    expect(chooseShards('pay_1', [hot], 0)).toEqual(chooseShards('pay_1', [hot], 0));
    expect(chooseShards('pay_1', [hot], 0)).toMatchObject([{ parts: [{ quantity: 2 }] }]);
  });

  it('is another one after each conflict, until all have had their turn', () => {
    const tried = Array.from({ length: 10 }, (_, attempt) => shardOf('pay_1', attempt));

    expect(new Set(tried).size).toBe(10);
    expect(shardOf('pay_1', 10)).toBe(tried[0]);
  });

  it('spreads payments evenly', () => {
    const counts = new Map<string, number>();
    for (let index = 0; index < 10_000; index += 1) {
      const shard = shardOf(`pay_${index.toString(36)}${index * 7919}`) ?? '';
      counts.set(shard, (counts.get(shard) ?? 0) + 1);
    }

    expect(counts.size).toBe(10);
    expect(Math.min(...counts.values())).toBeGreaterThan(800);
    expect(Math.max(...counts.values())).toBeLessThan(1_200);
  });
});

describe('the shards that have the units', () => {
  const shards = (...available: readonly number[]) =>
    available.map((units, shard) => ({ sku: shardKeyOf('tea', shard), available: units }));

  it('is one that has all of them', () => {
    expect(findParts('pay_1', 3, shards(1, 3, 2))).toEqual([{ sku: 'tea#1', quantity: 3 }]);
  });

  it('differs between payments if several have all of them', () => {
    const found = ['pay_1', 'pay_2', 'pay_3', 'pay_4'].map(
      (paymentId) => findParts(paymentId, 1, shards(4, 4, 4))?.[0]?.sku,
    );

    expect(new Set(found).size).toBeGreaterThan(1);
  });

  it('is as few as possible if none has all of them', () => {
    expect(findParts('pay_1', 6, shards(1, 4, 0, 3))).toEqual([
      { sku: 'tea#1', quantity: 4 },
      { sku: 'tea#3', quantity: 2 },
    ]);
  });

  it('is all of them for the last units', () => {
    expect(findParts('pay_1', 3, shards(1, 1, 1))).toHaveLength(3);
  });

  it('is none if all together have too few', () => {
    expect(findParts('pay_1', 4, shards(1, 1, 1))).toBeUndefined();
    expect(findParts('pay_1', 1, [])).toBeUndefined();
  });
});

describe('units that are restocked', () => {
  const parts = [
    { sku: 'tea', quantity: 2 },
    { sku: 'tea#4', quantity: 1 },
  ];
  const line = { sku: 'tea', quantity: 3, parts };

  it('return to the shards that have sold them, each unit once', () => {
    const once = withRestocked(line, 1);
    const twice = withRestocked(once, 2);

    expect(partsToRestock(line, 1)).toEqual([{ sku: 'tea', quantity: 1 }]);
    expect(partsToRestock(once, 2)).toEqual([
      { sku: 'tea', quantity: 1 },
      { sku: 'tea#4', quantity: 1 },
    ]);
    expect(twice.parts).toEqual([
      { sku: 'tea', quantity: 2, restocked: 2 },
      { sku: 'tea#4', quantity: 1, restocked: 1 },
    ]);
    expect(partsToRestock(twice, 1)).toEqual([]);
  });

  it('return to the product without shards, whose line stays as it is', () => {
    const plain = { sku: 'cup', quantity: 2 };

    expect(partsToRestock(plain, 2)).toEqual([plain]);
    expect(withRestocked(plain, 2)).toBe(plain);
    expect(stockPartsOf(plain)).toEqual([plain]);
  });
});

describe('moves between shards', () => {
  const shards = (...available: readonly number[]) =>
    available.map((units, shard) => ({ sku: shardKeyOf('tea', shard), available: units }));
  const unitsAfter = (before: ReturnType<typeof shards>, used: number) => {
    const keys = before.slice(0, used).map(({ sku }) => sku);
    const units = new Map(before.map(({ sku, available }) => [sku, available]));
    for (const { from, to, quantity } of planMoves(before, (key) => keys.includes(key))) {
      expect(quantity).toBeGreaterThan(0);
      units.set(from, (units.get(from) ?? 0) - quantity);
      units.set(to, (units.get(to) ?? 0) + quantity);
    }

    return [...units.values()];
  };

  it('spread the units evenly over new shards', () => {
    expect(unitsAfter(shards(10, 0, 0), 3)).toEqual([4, 3, 3]);
  });

  it('empty the removed shards', () => {
    expect(unitsAfter(shards(1, 3, 5, 2), 2)).toEqual([6, 5, 0, 0]);
  });

  it('are none if the shards are even already', () => {
    expect(planMoves(shards(3, 2, 2), () => true)).toEqual([]);
    expect(planMoves(shards(0, 0), () => true)).toEqual([]);
  });

  it('are in progress for half a minute after they were announced', () => {
    const stockMovedAt = noon.toISOString();
    const later = (seconds: number) => new Date(noon.getTime() + seconds * 1_000);

    expect(isMoving({ stockMovedAt }, later(29))).toBe(true);
    expect(isMoving({ stockMovedAt }, later(30))).toBe(false);
    expect(isMoving({}, noon)).toBe(false);
    expect(maxStockShards).toBe(500);
  });
});
