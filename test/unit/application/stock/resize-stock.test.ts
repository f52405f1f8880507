import { beforeEach, describe, expect, it } from 'vitest';
import {
  createResizeStock,
  StockNotResizableError,
} from '../../../../shared/application/stock/resize-stock.ts';
import type { Database } from '../../../../shared/config/platform.ts';
import { createDatabase, systemRuntime } from '../../../../shared/config/system-runtime.ts';
import { type StockCounts, splitStock } from '../../../../shared/domain/orders/stock-shards.ts';
import { createProductRepository } from '../../../../shared/persistence/product-repository.ts';
import { createStockShardRepository } from '../../../../shared/persistence/stock-shard-repository.ts';
import { aProduct, noon } from '../../../support/builders/builders.ts';
import { cancelledTransaction } from '../../../support/builders/transaction-errors.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

type Stored = StockCounts & { readonly sku: string; readonly [name: string]: unknown };

let tables: MemoryDynamo;
/** Runs before each command; may throw. */
let before: (name: string) => void;

const open = () => {
  const send = async (command: object) => {
    before(command.constructor.name.replace('Command', ''));

    return tables.send(command);
  };
  const runtime = { ...systemRuntime, clock: { now: () => noon }, sleep: async () => {} };
  const db: Database = createDatabase({ send } as unknown as Database, runtime);

  return {
    db,
    products: createProductRepository(db, 'Products'),
    shards: createStockShardRepository('Products'),
  };
};
const resize = (sku: string, shards: number) => createResizeStock(open())(sku, shards);

const stored = () => tables.items<Stored>('Products');
const available = () => Object.fromEntries(stored().map((item) => [item.sku, item.available]));
const received = () => stored().reduce((sum, item) => sum + item.received, 0);

beforeEach(() => {
  tables = new MemoryDynamo({ Products: ['sku'] });
  before = () => {};
});

describe('resize of a stock', () => {
  it('spreads the units over new shards, which are used after they have units', async () => {
    tables.put('Products', aProduct({ sku: 'tea', available: 10, reserved: 2, sold: 3 }));

    expect(await resize('tea', 4)).toMatchObject({ movedUnits: 7, unitsOnRemoved: 0 });

    expect(available()).toEqual({ tea: 3, 'tea#1': 3, 'tea#2': 2, 'tea#3': 2 });
    expect(stored()[0]).toMatchObject({ reserved: 2, sold: 3, received: 8 });
    expect(stored()[0]).toMatchObject({ stockShards: 4, stockShardsCreated: 4 });
    expect(received()).toBe(15);
  });

  it('empties removed shards, and leaves what is reserved there', async () => {
    for (const item of splitStock(aProduct({ sku: 'tea', available: 9 }), 3))
      tables.put('Products', item);
    const last = stored().find(({ sku }) => sku === 'tea#2');
    tables.put('Products', { ...last, available: 1, reserved: 1, sold: 1 });

    expect(await resize('tea', 1)).toMatchObject({ movedUnits: 4, unitsOnRemoved: 1 });

    expect(available()).toEqual({ tea: 7, 'tea#1': 0, 'tea#2': 0 });
    expect(stored()[0]).toMatchObject({ stockShards: 1, stockShardsCreated: 3 });
    expect(received()).toBe(9);
  });

  it('changes nothing the second time', async () => {
    tables.put('Products', aProduct({ sku: 'tea', available: 10 }));
    await resize('tea', 3);
    const once = stored();

    expect(await resize('tea', 3)).toMatchObject({ movedUnits: 0 });
    expect(stored()).toEqual(once);
  });

  it('writes nothing for a product without shards that gets none', async () => {
    const product = aProduct({ sku: 'tea', available: 10 });
    tables.put('Products', product);

    await resize('tea', 1);

    expect(stored()).toEqual([product]);
  });

  it('loses no unit if it ends at any command, and continues in the next run', async () => {
    for (let survived = 0; ; survived += 1) {
      tables = new MemoryDynamo({ Products: ['sku'] });
      tables.put('Products', aProduct({ sku: 'tea', available: 10 }));
      let commands = 0;
      before = () => {
        commands += 1;
        if (commands > survived) throw new Error('the process ended');
      };
      const ended = await resize('tea', 3).then(
        () => true,
        () => false,
      );
      expect(received()).toBe(10);
      before = () => {};
      await resize('tea', 3);
      expect(available()).toEqual({ tea: 4, 'tea#1': 3, 'tea#2': 3 });
      if (ended) break;
    }
  });

  it('tries again what conflicts with sales', async () => {
    tables.put('Products', aProduct({ sku: 'tea', available: 10 }));
    let conflicts = 12;
    before = (name) => {
      if (name !== 'TransactWrite' || conflicts === 0) return;
      conflicts -= 1;
      throw cancelledTransaction('TransactionConflict', 'None');
    };

    await resize('tea', 3);

    expect(available()).toEqual({ tea: 4, 'tea#1': 3, 'tea#2': 3 });
  });

  it('announces its moves before the first one', async () => {
    tables.put('Products', aProduct({ sku: 'tea', available: 10 }));
    let announced: unknown;
    before = (name) => {
      if (name === 'TransactWrite') announced ??= stored()[0]?.stockMovedAt;
    };

    await resize('tea', 2);

    expect(announced).toBe(noon.toISOString());
  });

  it.each([
    ['does not exist', 'cup', 2],
    ['would have no shard', 'tea', 0],
    ['would have too many shards', 'tea', 501],
    ['has a neighbour whose SKU is that of a shard', 'tea', 2],
  ])('is refused if the product %s', async (_, sku, shards) => {
    tables.put('Products', aProduct({ sku: 'tea', available: 10 }));
    tables.put('Products', aProduct({ sku: 'tea#1', available: 10 }));
    const untouched = stored();

    await expect(resize(sku, shards)).rejects.toBeInstanceOf(StockNotResizableError);

    expect(stored()).toEqual(untouched);
  });
});
