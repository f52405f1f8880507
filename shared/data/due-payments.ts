import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { dueShards } from '../domain/due-shards.ts';

/** The index of what is to move by itself. It follows the table after a moment, so what it names has to be read. */
export const duePaymentsIn = (db: DynamoDBDocumentClient, table: string) => ({
  /** The ids of payments that were due by a time, the longest overdue first; so many of each shard at most. */
  async by(time: Date, most: number): Promise<readonly string[]> {
    const shards = await Promise.all(
      dueShards.map((shard) =>
        db.send(
          new QueryCommand({
            TableName: table,
            IndexName: 'byDue',
            KeyConditionExpression: '#shard = :shard AND #dueAt <= :time',
            ExpressionAttributeNames: { '#shard': 'dueShard', '#dueAt': 'dueAt' },
            ExpressionAttributeValues: { ':shard': shard, ':time': time.toISOString() },
            Limit: most,
          }),
        ),
      ),
    );

    return shards.flatMap(({ Items = [] }) => Items.map(({ paymentId }) => `${paymentId}`));
  },
});

export type DuePayments = ReturnType<typeof duePaymentsIn>;
