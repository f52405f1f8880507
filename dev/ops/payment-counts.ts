import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Payment, PaymentStatus } from '../../shared/domain/payments/payment.ts';

/** All payments there are, by what has become of them. */
export interface PaymentCounts {
  readonly accepted: number;
  /** Stored for their key, and nothing reserved. */
  readonly refused: number;
  readonly pending: number;
  readonly unknown: number;
  readonly inReview: number;
  readonly completed: number;
  readonly failed: number;
}

const groups: Record<PaymentStatus, Exclude<keyof PaymentCounts, 'accepted' | 'refused'>> = {
  RESERVED: 'pending',
  CHARGING: 'pending',
  UNKNOWN: 'unknown',
  IN_REVIEW: 'inReview',
  COMPLETED: 'completed',
  FAILED: 'failed',
  COMPENSATED: 'failed',
  LATE_CAPTURED: 'failed',
  REVERSED: 'failed',
};

export const countPayments = (
  payments: readonly Pick<Payment, 'status' | 'reservation'>[],
): PaymentCounts => {
  const counts = { pending: 0, unknown: 0, inReview: 0, completed: 0, failed: 0 };
  const accepted = payments.filter(({ reservation }) => reservation !== undefined);
  for (const { status } of accepted) counts[groups[status]] += 1;

  return { accepted: accepted.length, refused: payments.length - accepted.length, ...counts };
};

/** Beyond so many, to read them all again and again is no way to count. */
const maxPayments = 20_000;

/** Counts the payments of a table; undefined where there are too many. */
export const createPaymentCounter =
  (db: DynamoDBDocumentClient, table: string) => async (): Promise<PaymentCounts | undefined> => {
    const found: Pick<Payment, 'status' | 'reservation'>[] = [];
    const pages = paginateScan(
      { client: db },
      {
        TableName: table,
        ProjectionExpression: '#status, #reservation.#balance',
        ExpressionAttributeNames: {
          '#status': 'status',
          '#reservation': 'reservation',
          '#balance': 'balance',
        },
      },
    );
    for await (const { Items = [] } of pages) {
      found.push(...(Items as typeof found));
      if (found.length > maxPayments) return undefined;
    }

    return countPayments(found);
  };
