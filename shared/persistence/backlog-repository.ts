import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../config/platform.ts';
import { dueShards } from '../domain/due-index.ts';
import type { BacklogItem } from '../domain/payments/backlog.ts';
import { batchGet } from './dynamodb/batch-get.ts';
import type { Item } from './dynamodb/expressions.ts';
import { paginate } from './dynamodb/paginate.ts';
import type { ReviewPosition, ReviewRepository } from './review-repository.ts';

const pageSize = 500;
/** 5,000 payments a shard: above that, the exact number does not matter. */
const maxPagesPerShard = 10;

const countedAttributes = [
  'status',
  'amount',
  'currency',
  'createdAt',
] as const satisfies readonly (keyof BacklogItem)[];

/**
 * Reads all payments with a due time: their keys from the index `byDue`, which is eventually consistent, and
 * what is counted from the table.
 */
export const createPaymentBacklogReader =
  (db: Database, table: string) => async (): Promise<readonly BacklogItem[]> => {
    const pagesOf = (shard: string) =>
      paginate(
        (ExclusiveStartKey) =>
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
        maxPagesPerShard,
      );
    const readShard = async (shard: string) => {
      const found: Item[] = [];
      for await (const page of pagesOf(shard)) {
        const itemKeys = page.map(({ paymentId }) => ({ table, key: { paymentId } }));
        found.push(...(await batchGet(db, itemKeys, countedAttributes))(table));
      }

      return found;
    };

    return (await Promise.all(dueShards.map(readShard))).flat() as unknown as BacklogItem[];
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
