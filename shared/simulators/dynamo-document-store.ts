import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { DocumentClient } from '../config/document-client.ts';
import type { DocumentStore } from './document-store.ts';

export interface DynamoStoreProps {
  readonly db: DocumentClient;
  /** A table with the partition key `id` (string) and nothing else. */
  readonly table: string;
  /** Separates kinds of documents in one table. */
  readonly prefix: string;
}

/** A document store for a sandbox, whose documents are few enough to list by a scan. */
export const createDynamoStore = <Value>({
  db,
  table,
  prefix,
}: DynamoStoreProps): DocumentStore<Value> => ({
  read: async (id) => {
    const { Item } = await db.send(
      new GetCommand({ TableName: table, Key: { id: prefix + id }, ConsistentRead: true }),
    );

    return Item && { version: Item.version as number, value: Item.document as Value };
  },
  write: async (id, value, expected) => {
    try {
      await db.send(
        new PutCommand({
          TableName: table,
          Item: { id: prefix + id, version: expected + 1, document: value },
          ConditionExpression: expected === 0 ? 'attribute_not_exists(id)' : '#version = :expected',
          ...(expected > 0 && {
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':expected': expected },
          }),
        }),
      );

      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  },
  list: async () => {
    const found: Value[] = [];
    let startKey: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await db.send(
        new ScanCommand({
          TableName: table,
          ConsistentRead: true,
          FilterExpression: 'begins_with(id, :prefix)',
          ExpressionAttributeValues: { ':prefix': prefix },
          ExclusiveStartKey: startKey,
        }),
      );
      found.push(...Items.map((item) => item.document as Value));
      startKey = LastEvaluatedKey;
    } while (startKey);

    return found;
  },
});
