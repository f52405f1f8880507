import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Payment } from '../domain/payments/payment.ts';
import { pagesOfBuyerIn } from './dynamodb/buyer-index.ts';
import { readable } from './readable-items.ts';

/** The payments of a buyer. The index has all of a payment, and may be one state behind the table for a moment. */
export const paymentsOfBuyerIn = (db: DynamoDBDocumentClient, table: string) =>
  pagesOfBuyerIn<Payment, 'paymentId'>(db, {
    table,
    id: 'paymentId',
    complete: async (entries) => readable<Payment>('payments', entries),
  });

export type PaymentsOfBuyer = ReturnType<typeof paymentsOfBuyerIn>;
