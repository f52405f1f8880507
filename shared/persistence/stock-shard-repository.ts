import { type StockMove, type StockShard, shardKeyOf } from '../domain/orders/stock-shards.ts';
import {
  between,
  exists,
  putIfAbsent,
  stillEquals,
  update,
  type Write,
} from './dynamodb/expressions.ts';
import type { StockedProduct } from './external-item-schemas.ts';
import { maxQuantity } from './product-repository.ts';

/** The writes that change the shards of a product's stock. Payments do not need them. */
export const createStockShardRepository = (table: string) => ({
  /** A shard without units. */
  insertShard: (sku: string, shard: number) =>
    putIfAbsent({
      table,
      item: {
        sku: shardKeyOf(sku, shard),
        shardOf: sku,
        ...{ available: 0, reserved: 0, sold: 0, received: 0 },
      } satisfies StockShard,
      id: 'sku',
    }),

  /** Sets the numbers of shards. Fails if they have changed since the product was read. */
  setShards: (
    { sku, stockShards, stockShardsCreated }: StockedProduct,
    to: Required<Pick<StockedProduct, 'stockShards' | 'stockShardsCreated'>>,
  ) =>
    update({
      table,
      key: { sku },
      set: to,
      conditions: [
        exists('sku'),
        stillEquals('stockShards', stockShards),
        stillEquals('stockShardsCreated', stockShardsCreated),
      ],
    }),

  /** Must be written before a move, so that a reader of two shards knows that it may have missed units. */
  announceMove: (sku: string, stockMovedAt: string) =>
    update({ table, key: { sku }, set: { stockMovedAt }, conditions: [exists('sku')] }),

  /** Two writes of one transaction. They fail if the units are no longer there, or if an item is not valid. */
  move: ({ from, to, quantity }: StockMove): readonly Write[] => [
    update({
      table,
      key: { sku: from },
      add: { available: -quantity, received: -quantity },
      conditions: [
        between('available', quantity, maxQuantity),
        between('received', quantity, maxQuantity),
      ],
    }),
    update({
      table,
      key: { sku: to },
      add: { available: quantity, received: quantity },
      conditions: [
        between('available', 0, maxQuantity - quantity),
        between('received', 0, maxQuantity - quantity),
      ],
    }),
  ],
});

export type StockShardRepository = ReturnType<typeof createStockShardRepository>;
