import type { Database } from '../config/platform.ts';
import { dayMs } from '../domain/time.ts';
import { pagesOfEntries } from './dynamodb/entries.ts';
import { putIfAbsent, update } from './dynamodb/expressions.ts';
import { getItem } from './dynamodb/get-item.ts';
import { countPrefix, dayPartitions, rankingKey } from './dynamodb/keys.ts';
import { commit } from './dynamodb/transaction.ts';

/** The units that one event reports as sold or returned. */
export interface SalesCount {
  readonly eventId: string;
  /** The `time` of the event. ISO 8601. */
  readonly eventTime: string;
  /** The shop's day of the sale, `YYYY-MM-DD`. */
  readonly day: string;
  /** Negative if they were returned. Distinct stock items, at most 80: one transaction writes them all. */
  readonly units: readonly {
    readonly sku: string;
    /** The stock item on which they count: the product's own, or one of its shards. */
    readonly stockItem: string;
    readonly units: number;
  }[];
  /** ISO 8601. */
  readonly countedAt: string;
}

/** How old an event may be. A dead letter is kept for 14 days, also after each of its redrives. */
const maxEventAgeMs = 90 * dayMs;
/** DynamoDB deletes an expired marker some time after its expiry, never before it. The day is for the clocks. */
const markerLifetimeMs = maxEventAgeMs + dayMs;

/** The marker of a counted event. */
export const countMarkerOf = ({
  eventId,
  eventTime,
  countedAt,
}: Pick<SalesCount, 'eventId' | 'eventTime' | 'countedAt'>) => ({
  ...rankingKey.marker(eventId),
  countedAt,
  expiration: Math.ceil((Date.parse(eventTime) + markerLifetimeMs) / 1_000),
});

/** Whether an event is too old to be counted: a marker of it may be deleted already. */
export const isTooOldToCount = (eventTime: string, at: Date): boolean =>
  at.getTime() - Date.parse(eventTime) > maxEventAgeMs;

/** An older event may have been counted by an earlier version, whose markers are on the day of the sale. */
const promptMs = 60_000;

export interface RankedSku {
  readonly rank: number;
  readonly sku: string;
  readonly units: number;
}

type MarkedEvent = Pick<SalesCount, 'eventId' | 'day'>;

interface SkuUnits {
  readonly sku: string;
  readonly units: number;
}

const byRank = (one: SkuUnits, other: SkuUnits): number =>
  other.units - one.units || (one.sku < other.sku ? -1 : 1);

/** Units sold minus units returned, by day of sale and sku. */
export const createRankingRepository = (db: Database, table: string) => {
  const alreadyCounted = () => 'duplicate' as const;

  const insertMarker = (count: SalesCount) =>
    putIfAbsent({ table, item: countMarkerOf(count), id: 'day' });

  const addUnits = (day: string, { sku, stockItem, units }: SalesCount['units'][number]) =>
    update({
      table,
      key: rankingKey.count(day, stockItem),
      set: { sku },
      add: { units },
      conditions: [],
    });

  const isCountedEarlier = async ({ eventId, day }: MarkedEvent) =>
    (await getItem(db, table, rankingKey.earlierMarker(eventId, day))) !== undefined;

  return {
    /**
     * Adds the units of an event to their day, once: the event's marker is written in the same transaction.
     * If a return is consumed before its sale, the count is negative until the sale is counted. Returns
     * `too-old` and changes nothing for an event of more than 90 days ago, because its marker may be deleted.
     */
    async count(count: SalesCount) {
      const { eventTime, countedAt } = count;
      if (isTooOldToCount(eventTime, new Date(countedAt))) return 'too-old';
      const isLate = Date.parse(countedAt) - Date.parse(eventTime) > promptMs;
      if (isLate && (await isCountedEarlier(count))) return alreadyCounted();
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
    async isCounted(event: MarkedEvent): Promise<boolean> {
      const marker = await getItem(db, table, rankingKey.marker(event.eventId));

      return marker !== undefined || isCountedEarlier(event);
    },

    /**
     * The best sellers of a day, most units first, products with the same number of units by sku. A product whose
     * units were all returned is not listed. Reads the counts of all products of the day, and is eventually
     * consistent.
     */
    async top(day: string, limit: number): Promise<readonly RankedSku[]> {
      const unitsBySku = new Map<string, number>();
      const addPartition = async (partition: string) => {
        const pages = pagesOfEntries(db, {
          table,
          partition: ['day', partition],
          prefix: countPrefix,
          attributes: ['sku', 'units'],
          isConsistent: false,
        });
        for await (const items of pages)
          for (const { sku, units } of items as readonly unknown[] as readonly SkuUnits[])
            unitsBySku.set(sku, (unitsBySku.get(sku) ?? 0) + units);
      };
      await Promise.all(dayPartitions(day).map(addPartition));

      return Array.from(unitsBySku, ([sku, units]) => ({ sku, units }))
        .filter(({ units }) => units > 0)
        .toSorted(byRank)
        .slice(0, limit)
        .map(({ sku, units }, index) => ({ rank: index + 1, sku, units }));
    },
  };
};

export type RankingRepository = ReturnType<typeof createRankingRepository>;
