import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../config/platform.ts';
import { canaryExpirationOf } from '../domain/canary.ts';
import type { CompensationRecord } from '../domain/compensation/compensation.ts';
import type { Payment } from '../domain/payments/payment.ts';
import { putIfAbsent, type Write } from './dynamodb/expressions.ts';

/** The compensation records: one for each payment and target, written once and never changed. */
export const createCompensationRepository = (db: Database, table: string) => ({
  insert: (
    { paymentId, userId }: Pick<Payment, 'paymentId' | 'userId'>,
    record: Omit<CompensationRecord, 'paymentId' | 'expiration'>,
  ): Write => {
    const { compensatedAt } = record;
    const item = { paymentId, ...record, ...canaryExpirationOf(userId, compensatedAt) };

    return putIfAbsent({ table, item, id: 'paymentId' });
  },

  /**
   * The records of a payment. They fit in one page: at most one for each line, and one each for balance,
   * coupon and order.
   */
  async listByPayment(paymentId: string): Promise<readonly CompensationRecord[]> {
    const { Items = [] } = await db.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'paymentId = :paymentId',
        ExpressionAttributeValues: { ':paymentId': paymentId },
        ConsistentRead: true,
      }),
    );

    return Items as CompensationRecord[];
  },
});

export type CompensationRepository = ReturnType<typeof createCompensationRepository>;
