import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { lessOrEqual, update } from './dynamodb/expressions.ts';
import { paginate } from './dynamodb/paginate.ts';
import { writeItem } from './dynamodb/write-item.ts';

/** The index of what is to move by itself, by the table's key. It follows the table after a moment, so what it names has to be read. */
export const createDueIndex = (
  db: DynamoDBDocumentClient,
  table: string,
  id: 'paymentId' | 'refundId' | 'orderId',
) => ({
  /** The ids of a shard that were due by a time, the longest overdue first, so many at a time. */
  async *pagesOfShard(
    shard: string,
    time: Date,
    pageSize: number,
  ): AsyncGenerator<readonly string[]> {
    const pages = paginate((ExclusiveStartKey) =>
      db.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byDue',
          KeyConditionExpression: '#shard = :shard AND #dueAt <= :time',
          ExpressionAttributeNames: { '#shard': 'dueShard', '#dueAt': 'dueAt' },
          ExpressionAttributeValues: { ':shard': shard, ':time': time.toISOString() },
          Limit: pageSize,
          ExclusiveStartKey,
        }),
      ),
    );
    for await (const items of pages) yield items.map((item) => `${item[id]}`);
  },

  /** Lets one be due at a time, whatever else it is: behind all that were due before. One that is not due by then stays where it is. */
  async reschedule(key: string, time: Date): Promise<void> {
    const dueAt = time.toISOString();
    const write = update({
      table,
      key: { [id]: key },
      set: { dueAt },
      conditions: [lessOrEqual('dueAt', dueAt)],
    });
    await writeItem(db, write);
  },
});

export type DueIndex = ReturnType<typeof createDueIndex>;
