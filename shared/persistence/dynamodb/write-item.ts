import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshallItem } from '../../config/document-values.ts';
import type { Database } from '../../config/platform.ts';
import type { Item, putIfAbsent, update } from './expressions.ts';
import { type RetryPolicy, retry, wasRetriedBySdk } from './retry.ts';

/** A write whose condition was false: this request has written nothing. */
export interface ConditionFailure {
  /** The stored item; undefined if there is none. */
  readonly stored: Item | undefined;
  /** An earlier attempt of the same write may have been executed, so the stored item may be its own. */
  readonly mayBeOwn: boolean;
}

/**
 * Sends one conditional write with the retry policy. Returns undefined if it is written, or the failure of
 * its condition. Throws ServiceUnavailableError after the last attempt.
 */
export const writeItem = (
  db: Database,
  write: ReturnType<typeof update> | ReturnType<typeof putIfAbsent>,
  retryPolicy?: RetryPolicy,
): Promise<ConditionFailure | undefined> =>
  retry(
    async (mayHaveWritten) => {
      try {
        if ('Put' in write) await db.send(new PutCommand(write.Put));
        else await db.send(new UpdateCommand(write.Update));

        return undefined;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const stored = error.Item && unmarshallItem(error.Item);

        return { stored, mayBeOwn: mayHaveWritten || wasRetriedBySdk(error) };
      }
    },
    db.runtime,
    retryPolicy,
  );
