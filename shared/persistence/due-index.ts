import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../config/platform.ts';
import { lessOrEqual, update } from './dynamodb/expressions.ts';
import { paginate } from './dynamodb/paginate.ts';
import { writeItem } from './dynamodb/write-item.ts';

/**
 * The sparse index `byDue` of the items with a due time. It is eventually consistent: read the item from the
 * table before a decision.
 */
export const createDueIndex = (
  db: Database,
  table: string,
  id: 'paymentId' | 'refundId' | 'orderId',
) => ({
  /** Yields the ids of a shard that are due at a time, most overdue first, page by page. */
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

  /**
   * Moves an item behind all items that were due before `time`. An item that is due later keeps its due time.
   */
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
