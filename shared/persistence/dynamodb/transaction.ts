import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshallItem } from '../../config/document-values.ts';
import { errorClassOf } from '../../config/dynamodb-errors.ts';
import type { Database } from '../../config/platform.ts';
import { recordMetric } from '../../observability/metrics.ts';
import type { Item, Write } from './expressions.ts';
import { type RetryPolicy, retry } from './retry.ts';

/**
 * A write, and the rejection that its failed condition means. `stored` is the item that failed the condition.
 */
export interface ConditionalWrite<R> {
  readonly write: Write;
  readonly toRejection: (stored?: Item) => R;
}

/** A retry policy for writes that can avoid a conflict. */
export interface CommitPolicy<R> extends RetryPolicy {
  /** Returns the writes after a conflict, given those that met it; undefined if they are the same. */
  readonly avoidConflict?: (
    conflicting: readonly ConditionalWrite<R>[],
  ) => readonly ConditionalWrite<R>[] | undefined;
}

/** So often, other writes are sent immediately after a conflict. Then each try waits. */
const maxImmediateRetries = 2;

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
  { avoidConflict, ...retryPolicy }: CommitPolicy<R> = {},
): Promise<readonly R[]> => {
  const { randomId } = db.runtime;
  let current = writes;
  let ClientRequestToken = randomId();
  let immediateRetries = 0;

  const send = async (): Promise<readonly R[]> => {
    try {
      const TransactItems = current.map(({ write }) => write);
      await db.send(new TransactWriteCommand({ TransactItems, ClientRequestToken }));

      return [];
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      if (errorClassOf(error) === 'final') return rejectionsOf(current, error);
      ClientRequestToken = randomId();
      const others = avoidConflict?.(conflictingOf(current, error));
      current = others ?? current;
      if (others === undefined || immediateRetries === maxImmediateRetries) throw error;
      immediateRetries += 1;
      recordMetric('TransactionConflicts', 1, {});

      return send();
    }
  };

  return retry(send, db.runtime, retryPolicy);
};

/** Commits all writes in one transaction. Returns false if a condition failed: then nothing is written. */
export const tryCommit = async (db: Database, writes: readonly Write[]): Promise<boolean> => {
  const rejections = await commit(
    db,
    writes.map((write) => ({ write, toRejection: () => 'condition-failed' })),
  );

  return rejections.length === 0;
};

const conflictingOf = <R>(
  writes: readonly ConditionalWrite<R>[],
  { CancellationReasons: reasons = [] }: TransactionCanceledException,
) => writes.filter((_, index) => reasons[index]?.Code === 'TransactionConflict');

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
