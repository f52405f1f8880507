import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { putIfAbsent, update } from './dynamodb/expressions.ts';
import { rankingEntry } from './dynamodb/keys.ts';
import { commit } from './dynamodb/transaction.ts';

/** What one event says was sold or returned. */
export interface SalesCount {
  readonly eventId: string;
  /** The UTC day of the sale, `YYYY-MM-DD`. */
  readonly day: string;
  /** Below zero where they were returned. A distinct sku each, at most 80: they are written in one transaction. */
  readonly units: readonly { readonly sku: string; readonly units: number }[];
  /** ISO 8601. */
  readonly countedAt: string;
}

export interface RankedSku {
  readonly rank: number;
  readonly sku: string;
  readonly units: number;
}

/** Units sold, less those returned, by the day of their sale and sku. */
export const createRankingRepository = (db: DynamoDBDocumentClient, table: string) => {
  const alreadyCounted = () => 'duplicate' as const;

  const insertMarker = ({ eventId, day, countedAt }: SalesCount) =>
    putIfAbsent({ table, item: { day, entry: rankingEntry.event(eventId), countedAt }, id: 'day' });

  const addUnits = (day: string, { sku, units }: SalesCount['units'][number]) =>
    update({
      table,
      key: { day, entry: rankingEntry.sku(sku) },
      set: { sku },
      add: { units },
      conditions: [],
    });

  return {
    /**
     * Adds the units to their day, once for an event: its marker is written with them. A return that is heard of before its sale
     * leaves less than zero, until the sale is counted too.
     */
    async count(count: SalesCount) {
      const [duplicate] = await commit(db, [
        { write: insertMarker(count), toRejection: alreadyCounted },
        ...count.units.map((each) => ({
          write: addUnits(count.day, each),
          toRejection: alreadyCounted,
        })),
      ]);

      return duplicate ?? 'counted';
    },

    /** The best sellers of a day, the most units first. What has come back whole is none. */
    async top(day: string, limit: number): Promise<readonly RankedSku[]> {
      const { Items = [] } = await db.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byUnits',
          KeyConditionExpression: '#day = :day AND #units >= :one',
          ExpressionAttributeNames: { '#day': 'day', '#units': 'units' },
          ExpressionAttributeValues: { ':day': day, ':one': 1 },
          ScanIndexForward: false,
          Limit: limit,
        }),
      );

      return Items.map(({ sku, units }, index) => ({ rank: index + 1, sku, units }));
    },
  };
};

export type RankingRepository = ReturnType<typeof createRankingRepository>;
