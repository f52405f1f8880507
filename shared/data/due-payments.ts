import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Item } from './expression.ts';

/** The index of what is to move by itself. It follows the table after a moment, so what it names has to be read. */
export const duePaymentsIn = (db: DynamoDBDocumentClient, table: string) => ({
  /** The ids of a shard's payments that were due by a time, the longest overdue first, so many at a time. */
  async *inShard(shard: string, time: Date, pageSize: number): AsyncGenerator<readonly string[]> {
    let after: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await db.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byDue',
          KeyConditionExpression: '#shard = :shard AND #dueAt <= :time',
          ExpressionAttributeNames: { '#shard': 'dueShard', '#dueAt': 'dueAt' },
          ExpressionAttributeValues: { ':shard': shard, ':time': time.toISOString() },
          Limit: pageSize,
          ExclusiveStartKey: after,
        }),
      );
      yield Items.map(({ paymentId }) => `${paymentId}`);
      after = LastEvaluatedKey;
    } while (after !== undefined);
  },
});

export type DuePayments = ReturnType<typeof duePaymentsIn>;
