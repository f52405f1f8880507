import { buyerStatus, type Payment } from '../../shared/domain/payments/payment.ts';
import type { ListQuery } from './request.ts';

/** One buyer's list, with one filter. */
export type List = Pick<ListQuery, 'orderId' | 'status'> & { readonly buyer: string };

/** Which payments are in the list; all of them where there is no filter. */
export const wantedIn = ({ orderId, status }: List) =>
  orderId === undefined && status === undefined
    ? undefined
    : (payment: Payment) =>
        (orderId === undefined || payment.orderId === orderId) &&
        (status === undefined || buyerStatus(payment) === status);
