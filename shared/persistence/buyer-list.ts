import type { Database } from '../config/platform.ts';
import { batchGet } from './dynamodb/batch-get.ts';
import { type BuyerItem, createBuyerIndex } from './dynamodb/buyer-index.ts';
import { filterReadable } from './readable-items.ts';

interface BuyerListOptions<Id extends string> {
  readonly table: string;
  /** The table's key. */
  readonly id: Id;
  readonly of: 'orders' | 'payments';
}

/**
 * Lists the items of a buyer. The index projects nothing that changes, so that a status change costs no index
 * write. The items themselves are read from the table, with strong consistency.
 */
export const createBuyerList = <
  Entry extends BuyerItem & Readonly<Record<Id, string>>,
  Id extends keyof Entry & string,
>(
  db: Database,
  { table, id, of }: BuyerListOptions<Id>,
) =>
  createBuyerIndex<Entry, Id>(db, {
    table,
    id,
    loadItems: async (entries) => {
      const itemKeys = entries.map((entry) => ({ table, key: { [id]: entry[id] } }));
      const found = filterReadable<Entry>(of, (await batchGet(db, itemKeys))(table));
      const known = new Map<string, Entry>(found.map((item) => [item[id], item]));

      return entries.flatMap((entry) => known.get(`${entry[id]}`) ?? []);
    },
  });
