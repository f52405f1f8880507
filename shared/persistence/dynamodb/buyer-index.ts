import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../../config/platform.ts';
import type { Item } from './expressions.ts';

/** An item that belongs to a buyer. */
export interface BuyerItem {
  readonly userId: string;
  readonly createdAt: string;
}

/** A position in a buyer's list: the last item of the page before. */
export type BuyerIndexPosition<Entry extends BuyerItem, Id extends keyof Entry> = Pick<
  Entry,
  'createdAt' | Id
>;

export interface PageRequest<Entry, Position> {
  readonly userId: string;
  readonly limit: number;
  readonly after?: Position | undefined;
  /** Selects entries of the index by what it projects, before their items are read; all by default. */
  readonly matchesEntry?: ((entry: Item) => boolean) | undefined;
  /** Selects items; all by default. */
  readonly matches?: ((entry: Entry) => boolean) | undefined;
}

export interface Page<Entry, Position> {
  readonly items: readonly Entry[];
  /** The position of the next page; absent at the end of the list. */
  readonly next?: Position | undefined;
}

interface BuyerIndexOptions<Entry, Id extends string> {
  readonly table: string;
  /** The table's key. */
  readonly id: Id;
  /** Reads the items of the index entries and returns the readable ones, in the same order. */
  readonly loadItems: (entries: readonly Item[]) => Promise<readonly Entry[]>;
}

// A filter that matches few items reads at most this much. Then the page is short and has a next position.
const maxReads = 10;
const entriesPerRead = 100;

/**
 * Reads the items of a buyer from the index `byUser`, newest first, page by page. The index is eventually
 * consistent: a new item can be missing for a moment.
 *
 * Entries and items are filtered after the read. A DynamoDB filter would cost the same reads and would define
 * the API statuses a second time.
 */
export const createBuyerIndex = <Entry extends BuyerItem, Id extends keyof Entry & string>(
  db: Database,
  { table, id, loadItems }: BuyerIndexOptions<Entry, Id>,
) => {
  type Position = BuyerIndexPosition<Entry, Id>;
  const positionOf = (entry: Position): Position =>
    ({ createdAt: entry.createdAt, [id]: entry[id] }) as Position;

  const read = async (
    { userId, matchesEntry = () => true }: PageRequest<Entry, Position>,
    limit: number,
    after: Position | undefined,
  ) => {
    const { Items = [], LastEvaluatedKey: last } = await db.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'byUser',
        KeyConditionExpression: '#userId = :userId',
        ExpressionAttributeNames: { '#userId': 'userId' },
        ExpressionAttributeValues: { ':userId': userId },
        ScanIndexForward: false,
        Limit: limit,
        ...(after && { ExclusiveStartKey: { ...after, userId } }),
      }),
    );

    return {
      items: await loadItems(Items.filter(matchesEntry)),
      last: last && positionOf(last as Position),
    };
  };

  const pageOf = (items: readonly Entry[]): Page<Entry, Position> => {
    const last = items.at(-1);

    return { items, ...(last && { next: positionOf(last) }) };
  };

  return {
    async page(request: PageRequest<Entry, Position>): Promise<Page<Entry, Position>> {
      const { limit, after, matches = () => true } = request;
      const isFiltered = request.matches !== undefined || request.matchesEntry !== undefined;
      // One more than the limit shows whether there is a next page.
      const entries = isFiltered ? entriesPerRead : limit + 1;
      const found: Entry[] = [];
      let next = after;
      for (let reads = 0; reads < maxReads; reads += 1) {
        const { items, last } = await read(request, entries, next);
        found.push(...items.filter(matches));
        if (found.length > limit) return pageOf(found.slice(0, limit));
        if (last === undefined) return { items: found };
        next = last;
      }

      return { items: found, next };
    },
  };
};
