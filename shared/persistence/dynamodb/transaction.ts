import { randomUUID } from 'node:crypto';
import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshallItem } from '../../config/document-values.ts';
import { errorClassOf } from '../../config/dynamodb-errors.ts';
import type { Item, Write } from './expressions.ts';
import { type RetryPolicy, retry } from './retry.ts';

/** One write, and what its failed condition stands for. `stored` is the item as it was found. */
export interface ConditionalWrite<R> {
  readonly write: Write;
  readonly toRejection: (stored?: Item) => R;
}

/**
 * Writes all steps or none. Returns the refusals of the steps whose conditions failed, in the order of the steps; none means committed.
 *
 * A list of reasons that has a conflict or a throttle in it says nothing about the conditions: the transaction is tried again, and an
 * Outage after the last try. One that may have been carried out is sent again under the same ClientRequestToken, so that it cannot meet
 * its own writes; one that was cancelled is sent under a new token. Across invocations the conditions guard.
 */
export const commit = <R>(
  db: DynamoDBDocumentClient,
  writes: readonly ConditionalWrite<R>[],
  retryPolicy?: RetryPolicy,
): Promise<readonly R[]> => {
  const TransactItems = writes.map(({ write }) => write);
  let ClientRequestToken = randomUUID();

  return retry(async () => {
    try {
      await db.send(new TransactWriteCommand({ TransactItems, ClientRequestToken }));

      return [];
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      if (errorClassOf(error) === 'final') return rejectionsOf(writes, error);
      ClientRequestToken = randomUUID();
      throw error;
    }
  }, retryPolicy);
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
  // Cancelled, but by no condition: a defect of the request, never a refusal.
  if (rejections.length === 0) throw error;

  return rejections;
};
