import type { Database } from '../config/platform.ts';
import type { Payment } from '../domain/payments/payment.ts';
import { createBuyerIndex } from './dynamodb/buyer-index.ts';
import { filterReadable } from './readable-items.ts';

/** Lists the payments of a buyer. The index projects the whole payment and is eventually consistent. */
export const createPaymentListRepository = (db: Database, table: string) =>
  createBuyerIndex<Payment, 'paymentId'>(db, {
    table,
    id: 'paymentId',
    loadItems: async (entries) => filterReadable<Payment>('payments', entries),
  });

export type PaymentListRepository = ReturnType<typeof createPaymentListRepository>;
