import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../../config/platform.ts';
import type { Item } from './expressions.ts';

/** Reads one item with strong consistency; undefined if the key has no item. The type is not checked. */
export const getItem = async <T = Item>(
  db: Database,
  table: string,
  key: Item,
): Promise<T | undefined> => {
  const { Item: item } = await db.send(
    new GetCommand({ TableName: table, Key: key, ConsistentRead: true }),
  );

  return item as T | undefined;
};
