import { setTimeout as wait } from 'node:timers/promises';
import {
  type CancellationReason,
  TransactionCanceledException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Outage } from '../domain/errors.ts';
import { measure } from '../runtime/measure.ts';
import type { Item, Write } from './expression.ts';

/** One write, and what its failed condition stands for. `stored` is the item as it was found. */
export interface Step<R> {
  readonly write: Write;
  readonly refused: (stored?: Item) => R;
}

export interface Patience {
  readonly tries?: number;
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  readonly random?: () => number;
}

const contention = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
]);

/**
 * Writes all steps or none. Returns the refusals of the steps whose conditions failed, in the order of the steps; none means committed.
 *
 * A list of reasons that has a conflict or a throttle in it says nothing about the conditions: it is tried again with full jitter,
 * and an Outage after the last try. The SDK's own ClientRequestToken covers its own retries; across invocations the conditions guard.
 */
export const commit = async <R>(
  db: DynamoDBDocumentClient,
  steps: readonly Step<R>[],
  { tries = 5, pause = wait, random = Math.random }: Patience = {},
): Promise<readonly R[]> => {
  for (let tried = 1; ; tried += 1) {
    try {
      await db.send(new TransactWriteCommand({ TransactItems: steps.map(({ write }) => write) }));

      return [];
    } catch (error) {
      const reasons = reasonsOf(error);
      if (reasons === undefined) throw error;
      if (reasons !== 'contention') return refusalsOf(steps, reasons, error);
      measure('TransactionConflicts', 1, {});
      if (tried >= tries) throw new Outage('Too many writes at once.', { cause: error });
    }
    await pause(random() * 25 * 2 ** tried);
  }
};

const reasonsOf = (error: unknown): 'contention' | readonly CancellationReason[] | undefined => {
  if (error instanceof TransactionInProgressException) return 'contention';
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const reasons = error.CancellationReasons ?? [];

  return reasons.some(({ Code = '' }) => contention.has(Code)) ? 'contention' : reasons;
};

const refusalsOf = <R>(
  steps: readonly Step<R>[],
  reasons: readonly CancellationReason[],
  error: unknown,
): readonly R[] => {
  const refusals = steps.flatMap(({ refused }, index) => {
    const { Code, Item: stored } = reasons[index] ?? {};
    if (Code !== 'ConditionalCheckFailed') return [];

    return [refused(stored && unmarshall(stored))];
  });
  // Cancelled, but by no condition: a defect of the request, never a refusal.
  if (refusals.length === 0) throw error;

  return refusals;
};
