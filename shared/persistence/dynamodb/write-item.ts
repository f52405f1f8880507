import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshallItem } from '../../config/document-values.ts';
import type { Item, putIfAbsent, update } from './expressions.ts';
import { type RetryPolicy, retry, wasRetriedBySdk } from './retry.ts';

/** A write whose condition did not hold, so that this request has changed nothing. */
export interface ConditionFailure {
  /** The item as it is stored; undefined if there is none. */
  readonly stored: Item | undefined;
  /** The write was sent before, and that one may have been carried out: what is stored may be its own. */
  readonly mayBeOwn: boolean;
}

/**
 * Sends one conditional write of one item, with the retry policy of a transaction. Returns nothing when it is written, and the refusal
 * when its condition does not hold.
 */
export const writeItem = (
  db: DynamoDBDocumentClient,
  write: ReturnType<typeof update> | ReturnType<typeof putIfAbsent>,
  retryPolicy?: RetryPolicy,
): Promise<ConditionFailure | undefined> =>
  retry(async (mayHaveWritten) => {
    try {
      if ('Put' in write) await db.send(new PutCommand(write.Put));
      else await db.send(new UpdateCommand(write.Update));

      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const stored = error.Item && unmarshallItem(error.Item);

      return { stored, mayBeOwn: mayHaveWritten || wasRetriedBySdk(error) };
    }
  }, retryPolicy);
