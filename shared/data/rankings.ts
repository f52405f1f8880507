import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Line } from '../domain/order.ts';
import { putNew, update } from './expression.ts';
import { rankingEntry } from './keys.ts';
import { commit } from './transaction.ts';

/** What one event says was sold. */
export interface Sale {
  readonly eventId: string;
  /** The UTC day of the sale, `YYYY-MM-DD`. */
  readonly day: string;
  /** One line a distinct sku, at most 80: they are written in one transaction. */
  readonly lines: readonly Line[];
}

export interface RankedSku {
  readonly rank: number;
  readonly sku: string;
  readonly units: number;
}

/** Units sold, by day and sku. */
export const rankingsIn = (db: DynamoDBDocumentClient, table: string) => {
  const before = () => 'counted before' as const;

  const mark = ({ eventId, day }: Sale) =>
    putNew({ table, item: { day, entry: rankingEntry.event(eventId) }, id: 'day' });

  const addUnits = (day: string, { sku, quantity }: Line) =>
    update({
      table,
      key: { day, entry: rankingEntry.sku(sku) },
      set: { sku },
      add: { units: quantity },
      when: [],
    });

  return {
    /** Adds the units to their day, once for an event: its marker is written with them. */
    async count(sale: Sale) {
      const [refused] = await commit(db, [
        { write: mark(sale), refused: before },
        ...sale.lines.map((line) => ({ write: addUnits(sale.day, line), refused: before })),
      ]);

      return refused ?? 'counted';
    },

    /** The best sellers of a day, the most units first. */
    async top(day: string, limit: number): Promise<readonly RankedSku[]> {
      const { Items = [] } = await db.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byUnits',
          KeyConditionExpression: '#day = :day',
          ExpressionAttributeNames: { '#day': 'day' },
          ExpressionAttributeValues: { ':day': day },
          ScanIndexForward: false,
          Limit: limit,
        }),
      );

      return Items.map(({ sku, units }, index) => ({ rank: index + 1, sku, units }));
    },
  };
};

export type Rankings = ReturnType<typeof rankingsIn>;
