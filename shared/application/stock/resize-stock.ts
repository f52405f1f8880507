import type { Database } from '../../config/platform.ts';
import { ServiceUnavailableError } from '../../domain/errors.ts';
import {
  announcementMs,
  maxStockShards,
  planMoves,
  type StockMove,
  shardKeyOf,
} from '../../domain/orders/stock-shards.ts';
import { tryCommit } from '../../persistence/dynamodb/transaction.ts';
import { writeItem } from '../../persistence/dynamodb/write-item.ts';
import type { ProductRepository, ProductStock } from '../../persistence/product-repository.ts';
import type { StockShardRepository } from '../../persistence/stock-shard-repository.ts';

interface Stores {
  readonly db: Database;
  readonly products: Pick<ProductRepository, 'findStock'>;
  readonly shards: StockShardRepository;
}

export interface ResizeResult {
  /** The stock after the moves. */
  readonly stock: ProductStock;
  readonly movedUnits: number;
  /** Units that are still on removed shards: those that payments reserve come back there if a payment fails. */
  readonly unitsOnRemoved: number;
}

/** The stock cannot be resized: what is stored does not allow it. */
export class StockNotResizableError extends Error {
  constructor(sku: string, reason: string) {
    super(`The stock of "${sku}" cannot be resized: ${reason}.`);
    this.name = 'StockNotResizableError';
  }
}

/** Sales change the shards during the moves. Then the moves are planned again, so often at most. */
const maxRounds = 10;

/**
 * Sets the number of a product's stock shards while payments run, and spreads the available units evenly. Each move is
 * one conditional transaction, so a crash loses no unit and the next run continues. A new shard is known before it has
 * units, and new orders use it after it has them; a removed one is not used before its units leave.
 *
 * Reserved and sold units stay on a removed shard, where their payments settle. Throws StockNotResizableError, or
 * ServiceUnavailableError if another run changes the product.
 */
export const createResizeStock =
  ({ db, products, shards }: Stores) =>
  async (sku: string, stockShards: number): Promise<ResizeResult> => {
    if (!Number.isInteger(stockShards) || stockShards < 1 || stockShards > maxStockShards)
      throw new StockNotResizableError(sku, `the shards must be 1 to ${maxStockShards}`);
    const getStock = async (): Promise<ProductStock> => {
      const stock = await products.findStock(sku);
      if (stock === undefined) throw new StockNotResizableError(sku, 'there is no such product');

      return stock;
    };
    const setShards = async (inUse: number, created: number) => {
      const { product } = await getStock();
      const { stockShards: before = 1, stockShardsCreated = 1 } = product;
      // Another run may have created more. They may have units, so they are never forgotten.
      const to = {
        stockShards: inUse,
        stockShardsCreated: Math.max(stockShardsCreated, created),
      };
      if (before === inUse && stockShardsCreated === to.stockShardsCreated) return;
      if (await writeItem(db, shards.setShards(product, to)))
        throw new ServiceUnavailableError(`The shards of "${sku}" have changed meanwhile.`);
    };

    const keys = Array.from({ length: stockShards }, (_, shard) => shardKeyOf(sku, shard));
    const used = new Set(keys);
    const { product } = await getStock();
    const { stockShards: inUse = 1, stockShardsCreated = 1 } = product;
    const created = Math.max(stockShardsCreated, stockShards);
    for (let shard = stockShardsCreated; shard < created; shard += 1) {
      const failure = await writeItem(db, shards.insertShard(sku, shard));
      if (failure?.stored && failure.stored.shardOf !== sku)
        throw new StockNotResizableError(sku, `${shardKeyOf(sku, shard)} is another product`);
    }
    await setShards(Math.min(inUse, stockShards), created);
    const movedUnits = await spreadUnits({ db, shards }, sku, used, getStock);
    await setShards(stockShards, created);
    const stock = await getStock();
    const removed = stock.shards.filter(({ sku: key }) => !used.has(key));

    return {
      stock,
      movedUnits,
      unitsOnRemoved: removed.reduce((sum, each) => sum + each.available + each.reserved, 0),
    };
  };

/** Returns the number of moved units. */
const spreadUnits = async (
  { db, shards }: Pick<Stores, 'db' | 'shards'>,
  sku: string,
  used: ReadonlySet<string>,
  getStock: () => Promise<ProductStock>,
): Promise<number> => {
  const now = () => db.runtime.clock.now();
  let announcedAt = Number.NEGATIVE_INFINITY;
  let movedUnits = 0;

  const tryMove = async (move: StockMove): Promise<boolean> => {
    try {
      if (now().getTime() - announcedAt >= announcementMs) {
        const at = now();
        if (await writeItem(db, shards.announceMove(sku, at.toISOString()))) return false;
        announcedAt = at.getTime();
      }

      return await tryCommit(db, shards.move(move));
    } catch (error) {
      // The items are hot: the next round tries again.
      if (error instanceof ServiceUnavailableError) return false;
      throw error;
    }
  };

  for (let round = 0; round < maxRounds; round += 1) {
    const stock = await getStock();
    let hasFailed = false;
    for (const move of planMoves(stock.shards, (key) => used.has(key))) {
      if (await tryMove(move)) movedUnits += move.quantity;
      else hasFailed = true;
    }
    if (!hasFailed) break;
  }

  return movedUnits;
};
