import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateScan,
} from '@aws-sdk/lib-dynamodb';
import type { DocumentStore } from './document-store.ts';

export interface DynamoStoreProps {
  readonly db: DynamoDBDocumentClient;
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
    const pages = paginateScan(
      { client: db },
      {
        TableName: table,
        ConsistentRead: true,
        FilterExpression: 'begins_with(id, :prefix)',
        ExpressionAttributeValues: { ':prefix': prefix },
      },
    );
    for await (const page of pages) {
      found.push(...(page.Items ?? []).map((item) => item.document as Value));
    }

    return found;
  },
});
