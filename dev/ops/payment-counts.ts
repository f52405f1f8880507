import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Payment, PaymentStatus } from '../../shared/domain/payments/payment.ts';

/** Numbers of payments by outcome. */
export interface PaymentCounts {
  readonly accepted: number;
  /** Rejected at accept: stored for their idempotency key, with nothing reserved. */
  readonly rejected: number;
  readonly pending: number;
  readonly unknown: number;
  readonly inReview: number;
  readonly completed: number;
  readonly failed: number;
}

const groups: Record<PaymentStatus, Exclude<keyof PaymentCounts, 'accepted' | 'rejected'>> = {
  REQUIRES_METHOD: 'pending',
  REQUIRES_ACTION: 'pending',
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

  return { accepted: accepted.length, rejected: payments.length - accepted.length, ...counts };
};

/** Above this number, counting by repeated scans is too slow. */
const maxPayments = 20_000;

/** Creates a function that counts the payments of a table; it returns undefined if there are too many. */
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
