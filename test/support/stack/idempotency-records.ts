import { createHash } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { db, stack } from './aws-clients.ts';

/** Deletes the idempotency record of a key, as its TTL does. The record must exist. */
export const deleteIdempotencyRecord = async (folder: string, key: string): Promise<void> => {
  // The id of a Powertools record: function name, then the hash of the key as JSON.
  const hash = createHash('sha256').update(JSON.stringify(key)).digest('base64');
  const { Attributes } = await db.send(
    new DeleteCommand({
      TableName: stack.tables.idempotency,
      Key: { id: `${folder}#${hash}` },
      ReturnValues: 'ALL_OLD',
    }),
  );
  if (Attributes === undefined) throw new Error(`${folder} has no answer cached for ${key}.`);
};

/** Deletes the idempotency record of a refund request. */
export const deleteRefundIdempotencyRecord = (
  buyer: string,
  paymentId: string,
  key: string,
): Promise<void> =>
  deleteIdempotencyRecord('request-refund', JSON.stringify([buyer, paymentId, key]));
