import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../config/platform.ts';
import { RejectionError } from '../domain/errors.ts';
import type { Refund } from '../domain/refunds/refund.ts';
import { paginate, readAll } from './dynamodb/paginate.ts';
import { createVersionedItems } from './dynamodb/versioned-items.ts';
import { filterReadable } from './readable-items.ts';

/** The rejection for a missing refund and for a refund of another buyer: a buyer cannot distinguish them. */
const refundNotFound = (refundId: string) =>
  new RejectionError({
    code: 'refund-not-found',
    detail: `You have no refund "${refundId}".`,
  });

/** The refunds of a table. A stored refund changes its status only by `updateWrite` or `tryUpdate`. */
export const createRefundRepository = (db: Database, table: string) => {
  const { conditionalUpdate, ...items } = createVersionedItems<Refund, 'refundId'>(
    db,
    table,
    'refundId',
  );

  return {
    ...items,

    /** The buyer's own refund. Throws the rejection refund-not-found otherwise. */
    async getOwned(userId: string, refundId: string): Promise<Refund> {
      const refund = await items.find(refundId);
      if (refund?.userId !== userId) throw refundNotFound(refundId);

      return refund;
    },

    /** The refund of an id that this service has published. Throws if it is missing, which is a defect. */
    async getOrThrow(refundId: string): Promise<Refund> {
      const refund = await items.find(refundId);
      if (refund === undefined) throw new Error(`Refund ${refundId} not found.`);

      return refund;
    },

    /** All readable refunds of a payment, oldest first. The index is eventually consistent. */
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
