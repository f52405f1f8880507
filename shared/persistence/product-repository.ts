import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../config/platform.ts';
import { RejectionError } from '../domain/errors.ts';
import { requirePositiveAmount } from '../domain/money.ts';
import type { OrderLine } from '../domain/orders/order.ts';
import { type StockCounts, shardKeyOf } from '../domain/orders/stock-shards.ts';
import { batchGet } from './dynamodb/batch-get.ts';
import {
  between,
  equals,
  greaterOrEqual,
  type Item,
  notExistsOrNumber,
  update,
  type Write,
} from './dynamodb/expressions.ts';
import {
  type InvalidItemError,
  parseProduct,
  parseStockShard,
  type StockedProduct,
} from './external-item-schemas.ts';
import { findItemFault, parseExternalItem } from './parse-external-item.ts';

/** The stock of a product, shard by shard. */
export interface ProductStock {
  readonly product: StockedProduct;
  /** The product's own item first. */
  readonly shards: readonly (StockCounts & { readonly sku: string })[];
  /** The shards whose items are not valid. */
  readonly invalid: readonly InvalidItemError[];
}

type Column = 'available' | 'reserved' | 'sold';

/** The most units of one item: more cannot be counted exactly. */
export const maxQuantity = Number.MAX_SAFE_INTEGER;

/** The catalogue and its stock: `available + reserved + sold = received`, and no column is negative. */
export const createProductRepository = (db: Database, table: string) => {
  const transfer = (
    { sku, quantity }: OrderLine,
    from: Column,
    to: Column,
    conditions = [greaterOrEqual(from, quantity), notExistsOrNumber(to)],
  ): Write =>
    update({
      table,
      key: { sku },
      add: {
        [from]: -requirePositiveAmount(quantity, `Product ${sku}, ${from} to ${to}`),
        [to]: quantity,
      },
      conditions,
    });

  const readItems = async (keys: readonly string[]): Promise<readonly Item[]> => {
    if (keys.length === 0) return [];
    const find = await batchGet(
      db,
      keys.map((sku) => ({ table, key: { sku } })),
    );

    return find(table);
  };

  const findCurrent = async (sku: string): Promise<StockedProduct | undefined> =>
    parseExternalItem(parseProduct, (await readItems([sku]))[0]);

  return {
    /** Strongly consistent. Throws InvalidItemError if the stored item is not valid. */
    findCurrent,

    /**
     * Eventually consistent read: `reserve` checks the stock. Throws InvalidItemError if the stored item is
     * not valid.
     */
    async find(sku: string): Promise<StockedProduct | undefined> {
      const { Item } = await db.send(new GetCommand({ TableName: table, Key: { sku } }));

      // A shard is not a product.
      return Item?.shardOf === undefined ? parseExternalItem(parseProduct, Item) : undefined;
    },

    /**
     * The stock of a product in all its shards, also in those that it no longer uses. Strongly consistent, item
     * by item. A missing shard has no units. Throws InvalidItemError if the product itself is not valid.
     */
    async findStock(sku: string): Promise<ProductStock | undefined> {
      const product = await findCurrent(sku);
      if (product === undefined) return undefined;
      const { stockShardsCreated = 1 } = product;
      const keys = Array.from({ length: stockShardsCreated }, (_, shard) => shardKeyOf(sku, shard));
      const items = await readItems(keys.slice(1));
      const faults = items.map((item) => findItemFault(parseStockShard, item));
      const shards = items.filter((_, index) => faults[index] === undefined).map(parseStockShard);

      return {
        product,
        shards: [product, ...shards.filter(({ shardOf }) => shardOf === sku)],
        invalid: faults.filter((fault) => fault !== undefined),
      };
    },

    /**
     * Fails if a column is out of range, because a reserved quantity must be sold or restored later. `product`
     * is the SKU if the line is of a shard: another item with that key fails.
     */
    reserve: (line: OrderLine, product: string = line.sku) =>
      transfer(line, 'available', 'reserved', [
        between('available', line.quantity, maxQuantity),
        between('reserved', 0, maxQuantity - line.quantity),
        between('sold', 0, maxQuantity - line.quantity),
        ...(product === line.sku ? [] : [equals('shardOf', product)]),
      ]),
    sell: (line: OrderLine) => transfer(line, 'reserved', 'sold'),
    restore: (line: OrderLine) => transfer(line, 'reserved', 'available'),
    restock: (line: OrderLine) => transfer(line, 'sold', 'available'),
  };
};

export type ProductRepository = ReturnType<typeof createProductRepository>;

/** The rejection of a request that needs products whose stored items are not valid. It names each product. */
export const productNotSellable = (products: readonly InvalidItemError[]): RejectionError =>
  new RejectionError({
    code: 'product-not-sellable',
    detail: 'The catalogue has values that are not valid.',
    errors: products.map(({ key: sku, fields }) => ({
      sku,
      detail: `The product "${sku}" is not valid as stored: ${fields.join(', ')}.`,
    })),
  });
