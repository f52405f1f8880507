import type { Database } from '../config/platform.ts';
import type { Payment } from '../domain/payments/payment.ts';
import { createBuyerList } from './buyer-list.ts';

/** Lists the payments of a buyer. The index also projects the order, which never changes. */
export const createPaymentListRepository = (db: Database, table: string) =>
  createBuyerList<Payment, 'paymentId'>(db, { table, id: 'paymentId', of: 'payments' });

export type PaymentListRepository = ReturnType<typeof createPaymentListRepository>;
