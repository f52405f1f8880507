import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type CompensationRecord, reservedLines } from '../domain/compensation/compensation.ts';
import { compensationTarget } from '../domain/ids.ts';
import type { Payment } from '../domain/payments/payment.ts';
import { putIfAbsent, type Write } from './dynamodb/expressions.ts';

/** Every target that must have a record before the payment is compensated. */
const compensationTargetsOf = (payment: Payment): readonly string[] => [
  ...reservedLines(payment).map(({ sku }) => compensationTarget.stock(sku)),
  compensationTarget.balance(payment.userId),
  compensationTarget.order(payment.orderId),
  ...(payment.couponId === undefined ? [] : [compensationTarget.coupon(payment.couponId)]),
];

/** The targets that no step has recorded. */
export const uncompensatedTargets = (
  payment: Payment,
  records: readonly CompensationRecord[],
): string[] => {
  const recorded = new Set(records.map(({ target }) => target));

  return compensationTargetsOf(payment).filter((target) => !recorded.has(target));
};

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
