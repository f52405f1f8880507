import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { dueShards } from '../domain/due-index.ts';
import type { BacklogItem } from '../domain/payments/backlog.ts';
import type { Item } from './dynamodb/expressions.ts';

/** Some 5,000 payments each: beyond so many, the exact number no longer matters. */
const maxPages = 4;

/** All payments that are to move by themselves, as the index of what is due has them: a moment behind the table. */
export const createPaymentBacklogReader =
  (db: DynamoDBDocumentClient, table: string) => async (): Promise<readonly BacklogItem[]> => {
    const readShard = async (shard: string): Promise<BacklogItem[]> => {
      const found: BacklogItem[] = [];
      let after: Item | undefined;
      for (let page = 0; page < maxPages; page += 1) {
        const { Items = [], LastEvaluatedKey } = await db.send(
          new QueryCommand({
            TableName: table,
            IndexName: 'byDue',
            KeyConditionExpression: '#shard = :shard',
            ExpressionAttributeNames: { '#shard': 'dueShard' },
            ExpressionAttributeValues: { ':shard': shard },
            ExclusiveStartKey: after,
          }),
        );
        found.push(...(Items as BacklogItem[]));
        after = LastEvaluatedKey;
        if (after === undefined) break;
      }

      return found;
    };

    return (await Promise.all(dueShards.map(readShard))).flat();
  };
