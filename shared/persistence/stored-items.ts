import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../config/platform.ts';
import type { StreamChange } from '../domain/outbox/outbox-event.ts';
import type { Item } from './dynamodb/expressions.ts';
import { getItem } from './dynamodb/get-item.ts';
import { entityTypeOf, keyAttributes } from './stream-record.ts';

/** A current item of a relayed table. */
export interface StoredItem {
  readonly of: StreamChange['of'];
  readonly item: Readonly<Item>;
}

const writeTimeAttributes = {
  payment: 'updatedAt',
  refund: 'updatedAt',
  order: 'updatedAt',
  points: 'at',
};

/** The key of an item, by the names of its attributes. */
type StoredItemKey = Readonly<Record<string, string>>;

/** One page of a scan. */
interface StoredItemPage {
  readonly items: readonly StoredItem[];
  /** The key after which the next page begins; undefined after the last page. */
  readonly lastKey?: StoredItemKey | undefined;
}

/** Reads the current items of the relayed tables, to replay events whose stream records are lost. */
export const createStoredItemReader = (
  db: Database,
  tables: Readonly<Record<StreamChange['of'], string>>,
) => ({
  /** Whether the changes of a table are published as events. */
  isRelayed: (table: string): boolean => Object.values(tables).includes(table),

  /** The item of a key; undefined if it does not exist or its table is not relayed. */
  async find(keys: StoredItemKey): Promise<StoredItem | undefined> {
    const of = entityTypeOf(keys);
    if (of === undefined) return undefined;
    const item = await getItem(db, tables[of], keys);

    return item && { of, item };
  },

  keyOf: ({ of, item }: StoredItem): StoredItemKey =>
    Object.fromEntries(keyAttributes[of].map((name) => [name, `${item[name]}`])),

  /**
   * One page of a scan of a table, up to 1 MB: its items written since a time (ISO 8601), after a key. A page
   * without items is not the last one if it has a key.
   */
  async scanPage(
    table: string,
    since: string,
    ExclusiveStartKey?: StoredItemKey,
  ): Promise<StoredItemPage> {
    const [of] = (Object.keys(tables) as StreamChange['of'][]).filter(
      (kind) => tables[kind] === table,
    );
    if (of === undefined) return { items: [] };
    const { Items = [], LastEvaluatedKey } = await db.send(
      new ScanCommand({
        TableName: table,
        ConsistentRead: true,
        FilterExpression: '#writtenAt >= :time',
        ExpressionAttributeNames: { '#writtenAt': writeTimeAttributes[of] },
        ExpressionAttributeValues: { ':time': since },
        ExclusiveStartKey,
      }),
    );

    return { items: Items.map((item) => ({ of, item })), lastKey: LastEvaluatedKey };
  },
});

export type StoredItemReader = ReturnType<typeof createStoredItemReader>;
