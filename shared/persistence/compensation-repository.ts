import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type Compensation, stockOf } from '../domain/compensation/compensation.ts';
import { compensationTarget } from '../domain/ids.ts';
import type { Payment } from '../domain/payments/payment.ts';
import { putNew, type Write } from './dynamodb/expressions.ts';

/** Every target that must have a record before the payment is compensated. */
const targetsOf = (payment: Payment): readonly string[] => [
  ...stockOf(payment).map(({ sku }) => compensationTarget.stock(sku)),
  compensationTarget.balance(payment.userId),
  compensationTarget.order(payment.orderId),
  ...(payment.couponId === undefined ? [] : [compensationTarget.coupon(payment.couponId)]),
];

/** The targets that no step has recorded. */
export const missingOf = (payment: Payment, records: readonly Compensation[]): string[] => {
  const recorded = new Set(records.map(({ target }) => target));

  return targetsOf(payment).filter((target) => !recorded.has(target));
};

/** What was undone, one record a payment and target. A record is written once and never changed. */
export const compensationsIn = (db: DynamoDBDocumentClient, table: string) => ({
  record: (compensation: Compensation): Write =>
    putNew({ table, item: compensation, id: 'paymentId' }),

  /** The payment's records. At most 83 small ones: one page. */
  async of(paymentId: string): Promise<readonly Compensation[]> {
    const { Items = [] } = await db.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'paymentId = :paymentId',
        ExpressionAttributeValues: { ':paymentId': paymentId },
        ConsistentRead: true,
      }),
    );

    return Items as Compensation[];
  },
});

export type Compensations = ReturnType<typeof compensationsIn>;
