import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Item } from './expressions.ts';

/** What a buyer has a list of. */
interface BuyerItem {
  readonly userId: string;
  readonly createdAt: string;
}

/** A place in a buyer's list: the last item that was seen. */
export type BuyerIndexPosition<Entry extends BuyerItem, Id extends keyof Entry> = Pick<
  Entry,
  'createdAt' | Id
>;

export interface PageRequest<Entry, Position> {
  readonly userId: string;
  readonly limit: number;
  readonly after?: Position | undefined;
  /** Which items are wanted; all if it is left out. */
  readonly matches?: ((entry: Entry) => boolean) | undefined;
}

export interface Page<Entry, Position> {
  readonly items: readonly Entry[];
  /** Where to go on; absent at the end of the list. */
  readonly next?: Position | undefined;
}

interface BuyerIndexOptions<Entry, Id extends string> {
  readonly table: string;
  /** The table's key. */
  readonly id: Id;
  /** The items of the entries, in their order: what an index without attributes does not have, and without what cannot be read. */
  readonly loadItems: (entries: readonly Item[]) => Promise<readonly Entry[]>;
}

// A filter that finds little reads this much at most before it answers with what it has, and where to go on.
const maxReads = 10;
const entriesPerRead = 100;

/**
 * The items of a buyer in the index `byUser`, newest first, a page at a time. The index follows the table after a moment, so an item may be
 * missing for as long.
 *
 * What is wanted is asked of each item read: a filter of DynamoDB would cost the same reads, and say a second time what a status is.
 */
export const createBuyerIndex = <Entry extends BuyerItem, Id extends keyof Entry & string>(
  db: DynamoDBDocumentClient,
  { table, id, loadItems }: BuyerIndexOptions<Entry, Id>,
) => {
  type Position = BuyerIndexPosition<Entry, Id>;
  const positionOf = (entry: Position): Position =>
    ({ createdAt: entry.createdAt, [id]: entry[id] }) as Position;

  const read = async (userId: string, limit: number, after: Position | undefined) => {
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

    return { items: await loadItems(Items), last: last && positionOf(last as Position) };
  };

  const pageOf = (items: readonly Entry[]): Page<Entry, Position> => {
    const last = items.at(-1);

    return { items, ...(last && { next: positionOf(last) }) };
  };

  return {
    async page({
      userId,
      limit,
      after,
      matches,
    }: PageRequest<Entry, Position>): Promise<Page<Entry, Position>> {
      const found: Entry[] = [];
      let next = after;
      for (let reads = 0; reads < maxReads; reads += 1) {
        // One more than asked for tells whether the list goes on.
        const { items, last } = await read(userId, matches ? entriesPerRead : limit + 1, next);
        found.push(...(matches ? items.filter(matches) : items));
        if (found.length > limit) return pageOf(found.slice(0, limit));
        if (last === undefined) return { items: found };
        next = last;
      }

      return { items: found, next };
    },
  };
};
