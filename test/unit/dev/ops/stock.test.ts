import { describe, expect, it } from 'vitest';
import { manageStock } from '../../../../dev/ops/stock.ts';
import { splitStock } from '../../../../shared/domain/orders/stock-shards.ts';
import { createProductRepository } from '../../../../shared/persistence/product-repository.ts';
import { createStockShardRepository } from '../../../../shared/persistence/stock-shard-repository.ts';
import { aProduct } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

const openShop = () => {
  const tables = new MemoryDynamo({ Products: ['sku'] });
  for (const item of splitStock(aProduct({ sku: 'tea', available: 2_001 }), 2))
    tables.put('Products', item);
  const { client: db } = tables;
  const stores = {
    db,
    products: createProductRepository(db, 'Products'),
    shards: createStockShardRepository('Products'),
  };

  return { tables, manage: (sku: string, shards?: number) => manageStock(stores, sku, shards) };
};

describe('the command for a stock', () => {
  it('shows the counters of each shard', async () => {
    expect(await openShop().manage('tea')).toBe(
      [
        'shard  available  reserved  sold  received',
        'tea        1,001         0     0     1,001',
        'tea#1      1,000         0     0     1,000',
      ].join('\n'),
    );
  });

  it('sets the number of shards and says what is left on removed ones', async () => {
    const { tables, manage } = openShop();
    const shard = { sku: 'tea#1', shardOf: 'tea', available: 1_000, reserved: 3, sold: 0 };
    tables.put('Products', { ...shard, received: 1_003 });

    expect(await manage('tea', 1)).toBe(
      [
        'shard            available  reserved  sold  received',
        'tea                  2,001         0     0     2,001',
        'tea#1 (removed)          0         3     0         3',
        '1000 units moved. 3 units are on removed shards: accept sells what is available there last. Run the command again to move it.',
      ].join('\n'),
    );
  });

  it('names an invalid shard', async () => {
    const { tables, manage } = openShop();
    tables.put('Products', { sku: 'tea#1', shardOf: 'tea', available: 'many' });

    expect(await manage('tea')).toContain('The item "tea#1" of products is not valid. available:');
  });

  it.each([
    ['cup', undefined, 'There is no product "cup".'],
    ['cup', 2, 'The stock of "cup" cannot be resized: there is no such product.'],
    ['tea', 0, 'The stock of "tea" cannot be resized: the shards must be 1 to 500.'],
  ])('says why it does nothing for %s and %s', async (sku, shards, message) => {
    await expect(openShop().manage(sku, shards)).rejects.toThrow(message);
  });
});
