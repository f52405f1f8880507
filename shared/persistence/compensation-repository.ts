import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { CompensationRecord } from '../domain/compensation/compensation.ts';
import { putIfAbsent, type Write } from './dynamodb/expressions.ts';

/** What was undone, one record a payment and target. A record is written once and never changed. */
export const createCompensationRepository = (db: DynamoDBDocumentClient, table: string) => ({
  insert: (compensation: CompensationRecord): Write =>
    putIfAbsent({ table, item: compensation, id: 'paymentId' }),

  /** The payment's records. At most 83 small ones: one page. */
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
