import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../config/platform.ts';
import type { StreamChange } from '../domain/outbox/outbox-event.ts';
import type { Item } from './dynamodb/expressions.ts';
import { getItem } from './dynamodb/get-item.ts';
import { paginate, readAll } from './dynamodb/paginate.ts';
import { entityTypeOf } from './stream-record.ts';

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

/** Reads the current items of the relayed tables, to replay events whose stream records are lost. */
export const createStoredItemReader = (
  db: Database,
  tables: Readonly<Record<StreamChange['of'], string>>,
) => ({
  /** The item of a key; undefined if it does not exist or its table is not relayed. */
  async find(keys: Readonly<Record<string, string>>): Promise<StoredItem | undefined> {
    const of = entityTypeOf(keys);
    if (of === undefined) return undefined;
    const item = await getItem(db, tables[of], keys);

    return item && { of, item };
  },

  /**
   * Scans a whole table for the items written since a time (ISO 8601). Used only after the relay gave up a
   * batch.
   */
  async scanSince(time: string, table: string): Promise<readonly StoredItem[]> {
    const [of] = (Object.keys(tables) as StreamChange['of'][]).filter(
      (kind) => tables[kind] === table,
    );
    if (of === undefined) return [];
    const pages = paginate((ExclusiveStartKey) =>
      db.send(
        new ScanCommand({
          TableName: table,
          ConsistentRead: true,
          FilterExpression: '#writtenAt >= :time',
          ExpressionAttributeNames: { '#writtenAt': writeTimeAttributes[of] },
          ExpressionAttributeValues: { ':time': time },
          ExclusiveStartKey,
        }),
      ),
    );

    return (await readAll(pages)).map((item) => ({ of, item }));
  },
});

export type StoredItemReader = ReturnType<typeof createStoredItemReader>;
