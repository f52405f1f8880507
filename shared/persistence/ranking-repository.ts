import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../config/platform.ts';
import { putIfAbsent, update } from './dynamodb/expressions.ts';
import { getItem } from './dynamodb/get-item.ts';
import { rankingEntry } from './dynamodb/keys.ts';
import { commit } from './dynamodb/transaction.ts';

/** The units that one event reports as sold or returned. */
export interface SalesCount {
  readonly eventId: string;
  /** The UTC day of the sale, `YYYY-MM-DD`. */
  readonly day: string;
  /** Negative if they were returned. Distinct skus, at most 80: one transaction writes them all. */
  readonly units: readonly { readonly sku: string; readonly units: number }[];
  /** ISO 8601. */
  readonly countedAt: string;
}

export interface RankedSku {
  readonly rank: number;
  readonly sku: string;
  readonly units: number;
}

/** Units sold minus units returned, by day of sale and sku. */
export const createRankingRepository = (db: Database, table: string) => {
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
     * Adds the units of an event to their day, once: the event's marker is written in the same transaction.
     * If a return is consumed before its sale, the count is negative until the sale is counted.
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

    /** Whether the units of an event are counted. */
    async isCounted({ eventId, day }: Pick<SalesCount, 'eventId' | 'day'>): Promise<boolean> {
      const marker = { day, entry: rankingEntry.event(eventId) };

      return (await getItem(db, table, marker)) !== undefined;
    },

    /** The best sellers of a day, most units first. A product whose units were all returned is not listed. */
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
