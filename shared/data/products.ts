import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { parseProduct, type StockedProduct } from '../domain/external-items.ts';
import type { Line } from '../domain/order.ts';
import { atLeast, countable, update, type Write } from './expression.ts';
import { parseExternal } from './external-items.ts';

type Column = 'available' | 'reserved' | 'sold';

/** The catalogue and its stock: `available + reserved + sold = received`, none below zero. */
export const productsIn = (db: DynamoDBDocumentClient, table: string) => {
  const move = ({ sku, quantity }: Line, from: Column, to: Column): Write =>
    update({
      table,
      key: { sku },
      add: { [from]: -quantity, [to]: quantity },
      when: [atLeast(from, quantity), countable(to)],
    });

  return {
    /** Throws InvalidItemError where the catalogue's item is not valid. */
    async find(sku: string): Promise<StockedProduct | undefined> {
      const { Item } = await db.send(new GetCommand({ TableName: table, Key: { sku } }));

      return parseExternal(parseProduct, Item);
    },

    reserve: (line: Line) => move(line, 'available', 'reserved'),
    sell: (line: Line) => move(line, 'reserved', 'sold'),
    restore: (line: Line) => move(line, 'reserved', 'available'),
    takeBack: (line: Line) => move(line, 'sold', 'available'),
  };
};

export type Products = ReturnType<typeof productsIn>;
