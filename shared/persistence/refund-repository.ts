import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { RejectionError } from '../domain/errors.ts';
import type { Refund } from '../domain/refunds/refund.ts';
import { paginate, readAll } from './dynamodb/paginate.ts';
import { createVersionedItems } from './dynamodb/versioned-items.ts';
import { filterReadable } from './readable-items.ts';

/** Another buyer's refund looks like a missing one. */
const refundNotFound = (refundId: string) =>
  new RejectionError({
    code: 'refund-not-found',
    detail: `There is no refund "${refundId}" of yours.`,
  });

/** The refunds of a table. A refund that is there only ever moves by `move`. */
export const createRefundRepository = (db: DynamoDBDocumentClient, table: string) => {
  const { conditionalUpdate, ...items } = createVersionedItems<Refund, 'refundId'>(
    db,
    table,
    'refundId',
  );

  return {
    ...items,

    /** The buyer's own refund; refused as refund-not-found otherwise. */
    async getOwned(userId: string, refundId: string): Promise<Refund> {
      const refund = await items.find(refundId);
      if (refund?.userId !== userId) throw refundNotFound(refundId);

      return refund;
    },

    /** The refund of an id that came from our own events; anything else is a defect. */
    async getOrThrow(refundId: string): Promise<Refund> {
      const refund = await items.find(refundId);
      if (refund === undefined) throw new Error(`There is no refund ${refundId}.`);

      return refund;
    },

    /** Every refund of a payment that can be read, the oldest first. The index follows the table after a moment. */
    async listByPayment(paymentId: string): Promise<readonly Refund[]> {
      const pages = paginate((ExclusiveStartKey) =>
        db.send(
          new QueryCommand({
            TableName: table,
            IndexName: 'byPayment',
            KeyConditionExpression: 'paymentId = :paymentId',
            ExpressionAttributeValues: { ':paymentId': paymentId },
            ExclusiveStartKey,
          }),
        ),
      );

      return filterReadable<Refund>('refunds', await readAll(pages));
    },
  };
};

export type RefundRepository = ReturnType<typeof createRefundRepository>;
