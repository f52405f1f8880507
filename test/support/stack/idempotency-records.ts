import { createHash } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { db, stack } from './aws-clients.ts';

/** Loses the answer that a function has cached for a key, as when its time is up. It must have been there. */
export const deleteIdempotencyRecord = async (folder: string, key: string): Promise<void> => {
  // As Powertools names its records: behind the function's name, the hash of the key as JSON.
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

/** The same for the Idempotency-Key of a refund. */
export const deleteRefundIdempotencyRecord = (
  buyer: string,
  paymentId: string,
  key: string,
): Promise<void> =>
  deleteIdempotencyRecord('request-refund', JSON.stringify([buyer, paymentId, key]));
