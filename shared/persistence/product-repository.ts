import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { Refusal } from '../domain/errors.ts';
import { movable } from '../domain/money.ts';
import type { Line } from '../domain/orders/order.ts';
import { atLeast, countable, update, type Write, within } from './dynamodb/expressions.ts';
import {
  type InvalidItemError,
  parseProduct,
  type StockedProduct,
} from './external-item-schemas.ts';
import { parseExternal } from './parse-external-item.ts';

type Column = 'available' | 'reserved' | 'sold';

const most = Number.MAX_SAFE_INTEGER;

/** The catalogue and its stock: `available + reserved + sold = received`, none below zero. */
export const productsIn = (db: DynamoDBDocumentClient, table: string) => {
  const move = (
    { sku, quantity }: Line,
    from: Column,
    to: Column,
    when = [atLeast(from, quantity), countable(to)],
  ): Write =>
    update({
      table,
      key: { sku },
      add: { [from]: -movable(quantity, `Product ${sku}, ${from} to ${to}`), [to]: quantity },
      when,
    });

  return {
    /** Throws InvalidItemError where the catalogue's item is not valid. */
    async find(sku: string): Promise<StockedProduct | undefined> {
      const { Item } = await db.send(new GetCommand({ TableName: table, Key: { sku } }));

      return parseExternal(parseProduct, Item);
    },

    /** Nothing is reserved of a product that has a column out of range: what is reserved has to be sold or given back later. */
    reserve: (line: Line) =>
      move(line, 'available', 'reserved', [
        within('available', line.quantity, most),
        within('reserved', 0, most - line.quantity),
        within('sold', 0, most - line.quantity),
      ]),
    sell: (line: Line) => move(line, 'reserved', 'sold'),
    restore: (line: Line) => move(line, 'reserved', 'available'),
    takeBack: (line: Line) => move(line, 'sold', 'available'),
  };
};

export type Products = ReturnType<typeof productsIn>;

/** The refusal of whatever needs products that are not valid as stored; it names each. */
export const productNotSellable = (products: readonly InvalidItemError[]): Refusal =>
  new Refusal({
    code: 'product-not-sellable',
    detail: 'The catalogue has values that are not valid.',
    errors: products.map(({ key: sku, fields }) => ({
      sku,
      detail: `The product "${sku}" is not valid as stored: ${fields.join(', ')}.`,
    })),
  });
