import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshallItem } from '../../config/document-values.ts';
import { errorClassOf } from '../../config/dynamodb-errors.ts';
import type { Database } from '../../config/platform.ts';
import type { Item, Write } from './expressions.ts';
import { type RetryPolicy, retry } from './retry.ts';

/**
 * A write, and the rejection that its failed condition means. `stored` is the item that failed the condition.
 */
export interface ConditionalWrite<R> {
  readonly write: Write;
  readonly toRejection: (stored?: Item) => R;
}

/**
 * Commits all writes in one transaction, or none. Returns the rejections of the writes whose conditions
 * failed, in the order of the writes; an empty list means committed. Throws ServiceUnavailableError after the
 * last attempt.
 *
 * Cancellation reasons with a conflict or a throttle say nothing about the conditions, so that transaction is
 * retried. A transaction that may have been executed is retried with the same ClientRequestToken, so that it
 * does not fail because of its own writes. A cancelled one gets a new token.
 */
export const commit = <R>(
  db: Database,
  writes: readonly ConditionalWrite<R>[],
  retryPolicy?: RetryPolicy,
): Promise<readonly R[]> => {
  const TransactItems = writes.map(({ write }) => write);
  const { randomId } = db.runtime;
  let ClientRequestToken = randomId();

  return retry(
    async () => {
      try {
        await db.send(new TransactWriteCommand({ TransactItems, ClientRequestToken }));

        return [];
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        if (errorClassOf(error) === 'final') return rejectionsOf(writes, error);
        ClientRequestToken = randomId();
        throw error;
      }
    },
    db.runtime,
    retryPolicy,
  );
};

/** Commits all writes in one transaction. Returns false if a condition failed: then nothing is written. */
export const tryCommit = async (db: Database, writes: readonly Write[]): Promise<boolean> => {
  const rejections = await commit(
    db,
    writes.map((write) => ({ write, toRejection: () => 'condition-failed' })),
  );

  return rejections.length === 0;
};

const rejectionsOf = <R>(
  writes: readonly ConditionalWrite<R>[],
  error: TransactionCanceledException,
): readonly R[] => {
  const reasons: readonly CancellationReason[] = error.CancellationReasons ?? [];
  const rejections = writes.flatMap(({ toRejection }, index) => {
    const { Code, Item: stored } = reasons[index] ?? {};
    if (Code !== 'ConditionalCheckFailed') return [];

    return [toRejection(stored && unmarshallItem(stored))];
  });
  // Cancelled without a failed condition: a defect in the request, not a rejection.
  if (rejections.length === 0) throw error;

  return rejections;
};
