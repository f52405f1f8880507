import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../config/platform.ts';
import { emptyQueue } from '../config/work-queue.ts';
import { dueShards } from '../domain/due-index.ts';
import type { BacklogItem } from '../domain/payments/backlog.ts';
import { batchGet } from './dynamodb/batch-get.ts';
import { paginate } from './dynamodb/paginate.ts';
import type { ReviewPosition, ReviewRepository } from './review-repository.ts';

const pageSize = 500;
/** After so many payments, only the first page of a shard is read: the exact number does not matter above them. */
const maxPayments = 20_000;
const maxConcurrentShards = 16;

const countedAttributes = [
  'status',
  'amount',
  'currency',
  'createdAt',
] as const satisfies readonly (keyof BacklogItem)[];

/**
 * Reads the payments with a due time: their keys from the index `byDue`, which is eventually consistent, and what is
 * counted from the table. If there are very many, returns a part of them, with those of each shard that are due first.
 */
export const createPaymentBacklogReader =
  (db: Database, table: string) => async (): Promise<readonly BacklogItem[]> => {
    const pagesOf = (shard: string) =>
      paginate((ExclusiveStartKey) =>
        db.send(
          new QueryCommand({
            TableName: table,
            IndexName: 'byDue',
            KeyConditionExpression: '#shard = :shard',
            ExpressionAttributeNames: { '#shard': 'dueShard' },
            ExpressionAttributeValues: { ':shard': shard },
            Limit: pageSize,
            ExclusiveStartKey,
          }),
        ),
      );
    const found: BacklogItem[] = [];
    let keys = 0;
    const readShard = async (shard: string) => {
      for await (const page of pagesOf(shard)) {
        keys += page.length;
        const itemKeys = page.map(({ paymentId }) => ({ table, key: { paymentId } }));
        const read = await batchGet(db, itemKeys, countedAttributes);
        found.push(...(read(table) as unknown as BacklogItem[]));
        if (keys >= maxPayments) return;
      }
    };
    await emptyQueue([...dueShards], maxConcurrentShards, readShard);

    return found;
  };

const reviewPageSize = 100;
/** Above a thousand reviews, the exact number does not matter. */
const maxReviewPages = 10;

/**
 * Reads the open reviews, oldest first, from the index of the reviews. The index is eventually consistent.
 */
export const createReviewBacklogReader =
  ({ page }: Pick<ReviewRepository, 'page'>) =>
  async (): Promise<readonly BacklogItem[]> => {
    const found: BacklogItem[] = [];
    let after: ReviewPosition | undefined;
    for (let pages = 0; pages < maxReviewPages; pages += 1) {
      const { items, next } = await page({
        status: 'OPEN',
        by: 'age',
        limit: reviewPageSize,
        after,
      });
      found.push(
        ...items.map(({ amountAtRisk, currency, openedAt }) => ({
          status: 'IN_REVIEW' as const,
          amount: amountAtRisk,
          currency,
          createdAt: openedAt,
        })),
      );
      after = next;
      if (after === undefined) break;
    }

    return found;
  };
