import type { Database } from '../config/platform.ts';
import { pagesOfEntries } from './dynamodb/entries.ts';
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

interface SkuUnits {
  readonly sku: string;
  readonly units: number;
}

const byRank = (one: SkuUnits, other: SkuUnits): number =>
  other.units - one.units || (one.sku < other.sku ? -1 : 1);

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

    /**
     * The best sellers of a day, most units first, products with the same number of units by sku. A product whose
     * units were all returned is not listed. Reads the counts of all products of the day, and is eventually
     * consistent.
     */
    async top(day: string, limit: number): Promise<readonly RankedSku[]> {
      const pages = pagesOfEntries(db, {
        table,
        partition: ['day', day],
        prefix: rankingEntry.sku(''),
        attributes: ['sku', 'units'],
        isConsistent: false,
      });
      let best: readonly SkuUnits[] = [];
      for await (const items of pages) {
        const sold = (items as readonly unknown[] as readonly SkuUnits[]).filter(
          ({ units }) => units > 0,
        );
        best = [...best, ...sold].toSorted(byRank).slice(0, limit);
      }

      return best.map(({ sku, units }, index) => ({ rank: index + 1, sku, units }));
    },
  };
};

export type RankingRepository = ReturnType<typeof createRankingRepository>;
