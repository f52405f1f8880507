import { buyerStatus, type Payment } from '../../shared/domain/payments/payment.ts';
import type { ListPaymentsQuery } from './request.ts';

/** One buyer's list, with one filter. */
export type PaymentFilter = Pick<ListPaymentsQuery, 'orderId' | 'status'> & {
  readonly buyer: string;
};

/** Which payments are in the list; all of them where there is no filter. */
export const filterOf = ({ orderId, status }: PaymentFilter) =>
  orderId === undefined && status === undefined
    ? undefined
    : (payment: Payment) =>
        (orderId === undefined || payment.orderId === orderId) &&
        (status === undefined || buyerStatus(payment) === status);
