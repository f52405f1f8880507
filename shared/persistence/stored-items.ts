import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { StreamChange } from '../domain/outbox/outbox-event.ts';
import type { Item } from './dynamodb/expressions.ts';
import { getItem } from './dynamodb/get-item.ts';
import { paginate, readAll } from './dynamodb/paginate.ts';
import { entityTypeOf } from './stream-record.ts';

/** An item of a table that is relayed, as it is now. */
export interface StoredItem {
  readonly of: StreamChange['of'];
  readonly item: Readonly<Item>;
}

const writeTimeAttributes = {
  payment: 'updatedAt',
  refund: 'updatedAt',
  order: 'updatedAt',
  earning: 'at',
};

/** What the tables that are relayed have by now: where a stream has forgotten, they have not. */
export const createStoredItemReader = (
  db: DynamoDBDocumentClient,
  tables: Readonly<Record<StreamChange['of'], string>>,
) => ({
  /** The item of a key; none where it is not there, or is of no table that is relayed. */
  async find(keys: Readonly<Record<string, string>>): Promise<StoredItem | undefined> {
    const of = entityTypeOf(keys);
    if (of === undefined) return undefined;
    const item = await getItem(db, tables[of], keys);

    return item && { of, item };
  },

  /** Reads a whole table for what was written since a time (ISO 8601): for the rare day when a stream was given up. */
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

export type StoredItems = ReturnType<typeof createStoredItemReader>;
