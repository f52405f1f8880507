import { describe, expect, it } from 'vitest';
import {
  parseBalance,
  parseCoupon,
  parseProduct,
} from '../../../../shared/persistence/external-item-schemas.ts';
import type { Cast } from '../../../simulation/people/cast.ts';
import { startMerchant, startTimelyDamage } from '../../../simulation/people/merchant.ts';
import { seedShop } from '../../../simulation/people/supplies.ts';
import { createFakeShop } from './fake-shop.ts';

const cast: Cast = {
  buyers: 2,
  products: 2,
  coupons: 2,
  stories: [],
  stepStories: [],
  operators: 0,
  operatorRounds: 0,
  externalWrites: 4,
  hasDamage: false,
  presses: 0,
};

type Item = Readonly<Record<string, unknown>>;

const parsers: Readonly<Record<string, (item: Item) => unknown>> = {
  Products: parseProduct,
  Balances: parseBalance,
  Coupons: parseCoupon,
};

const isValid = (table: string, item: Item) => {
  try {
    parsers[table]?.(item);

    return true;
  } catch {
    return false;
  }
};

/** Returns what was written, in order, and the shop at the end. */
const trade = async (seed: number, hasDamage: boolean) => {
  const fake = createFakeShop({ seed });
  const supplies = seedShop(fake.shop, cast);
  const written: { readonly table: string; readonly item: Item }[] = [];
  const seedItem = fake.shop.seed;
  const removed: string[] = [];
  const shop = {
    ...fake.shop,
    seed: (table: string, item: object) => {
      written.push({ table, item: item as Item });
      seedItem(table, item);
    },
    remove: (table: string, key: object) => {
      removed.push(table);
      fake.shop.remove(table, key);
    },
  };
  startMerchant(shop, { ...cast, hasDamage }, supplies);
  await fake.settle();
  expect(fake.errors).toEqual([]);

  return { written, removed, fake };
};

const seeds = Array.from({ length: 40 }, (_, seed) => seed);

describe('startMerchant', () => {
  it('writes valid items whose counts add up', async () => {
    for (const seed of seeds) {
      const { written, removed } = await trade(seed, false);
      expect(written).toHaveLength(cast.externalWrites);
      expect(removed).toEqual([]);
      for (const { table, item } of written) {
        expect(isValid(table, item), JSON.stringify(item)).toBe(true);
        if (table === 'Balances') expect(item.available).toBe(item.deposited);
        if (table === 'Products') expect(item.available).toBe(item.received);
      }
    }
  });

  it('writes invalid items and corrects them, and deletes some', async () => {
    let invalid = 0;
    let removals = 0;
    for (const seed of seeds) {
      const { written, removed, fake } = await trade(seed, true);
      invalid += written.filter(({ table, item }) => !isValid(table, item)).length;
      removals += removed.length;
      for (const table of ['Products', 'Balances', 'Coupons'])
        for (const item of fake.table(table))
          expect(isValid(table, item), JSON.stringify(item)).toBe(true);
    }
    expect(invalid).toBeGreaterThan(10);
    expect(removals).toBeGreaterThan(5);
  });
});

/** Changes the status of many payments of alice and of one product. */
const damageWhile = async (hasDamage: boolean) => {
  const fake = createFakeShop({ seed: 1 });
  const supplies = seedShop(fake.shop, cast);
  const damaged: string[] = [];
  const note = (table: string, item: object) => {
    damaged.push(`${table} ${(item as Item).sku ?? (item as Item).userId}`);
  };
  const shop = { ...fake.shop, seed: note, remove: note };
  startTimelyDamage(shop, { ...cast, hasDamage }, supplies);
  const lines = [{ sku: 'tea', quantity: 1 }];
  for (let version = 1; version <= 400; version += 1)
    fake.write({
      table: 'Payments',
      before: undefined,
      after: { paymentId: 'pay_1', version, userId: 'alice', status: 'x', reservation: { lines } },
    });
  await fake.settle();
  expect(fake.errors).toEqual([]);

  return { damaged, started: fake.started };
};

describe('startTimelyDamage', () => {
  it('damages what the changed payment needs, as often as the cast says', async () => {
    const { damaged, started } = await damageWhile(true);

    expect(started).toHaveLength(cast.externalWrites);
    expect(damaged.length).toBeGreaterThan(0);
    for (const item of damaged)
      expect(['Products tea', 'Balances alice', 'Coupons alice']).toContain(item);
  });

  it('damages nothing if the cast has no damage', async () => {
    expect((await damageWhile(false)).started).toEqual([]);
  });
});
