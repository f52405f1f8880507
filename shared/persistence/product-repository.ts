import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../config/platform.ts';
import { RejectionError } from '../domain/errors.ts';
import { requirePositiveAmount } from '../domain/money.ts';
import type { OrderLine } from '../domain/orders/order.ts';
import {
  between,
  greaterOrEqual,
  notExistsOrNumber,
  update,
  type Write,
} from './dynamodb/expressions.ts';
import {
  type InvalidItemError,
  parseProduct,
  type StockedProduct,
} from './external-item-schemas.ts';
import { parseExternalItem } from './parse-external-item.ts';

type Column = 'available' | 'reserved' | 'sold';

const maxQuantity = Number.MAX_SAFE_INTEGER;

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

  return {
    /**
     * Eventually consistent read: `reserve` checks the stock. Throws InvalidItemError if the stored item is
     * not valid.
     */
    async find(sku: string): Promise<StockedProduct | undefined> {
      const { Item } = await db.send(new GetCommand({ TableName: table, Key: { sku } }));

      return parseExternalItem(parseProduct, Item);
    },

    /** Fails if a column is out of range, because a reserved quantity must be sold or restored later. */
    reserve: (line: OrderLine) =>
      transfer(line, 'available', 'reserved', [
        between('available', line.quantity, maxQuantity),
        between('reserved', 0, maxQuantity - line.quantity),
        between('sold', 0, maxQuantity - line.quantity),
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
