import { buyerStatus } from '../../shared/domain/payments/buyer-status.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { decodeCursor, encodeCursor } from '../../shared/http/pagination.ts';
import { paymentBody } from '../../shared/http/payment-body.ts';
import { type ApiEvent, buyerOf, parseQuery } from '../../shared/http/request.ts';
import type { PaymentListRepository } from '../../shared/persistence/payment-list-repository.ts';
import type { PaymentPageBody } from './operation.ts';
import { type ListPaymentsQuery, listPaymentsQuery, paymentCursorSchema } from './request.ts';

/** One buyer's list with its filter. */
type PaymentFilter = Pick<ListPaymentsQuery, 'orderId' | 'status'> & {
  readonly buyer: string;
};

/** Matches the payments of the list; undefined without a filter. */
const filterOf = ({ orderId, status }: PaymentFilter) =>
  orderId === undefined && status === undefined
    ? undefined
    : (payment: Payment) =>
        (orderId === undefined || payment.orderId === orderId) &&
        (status === undefined || buyerStatus(payment) === status);

interface Dependencies {
  readonly payments: PaymentListRepository;
}

/**
 * Returns one page of the buyer's own payments, newest first. A filtered page may be short or empty and still
 * have a next one.
 */
export const listPayments =
  ({ payments }: Dependencies) =>
  async (event: ApiEvent): Promise<HttpResponse> => {
    const { limit, cursor, ...filter } = parseQuery(listPaymentsQuery, event);
    const list: PaymentFilter = { buyer: buyerOf(event), ...filter };
    const { items, next } = await payments.page({
      userId: list.buyer,
      limit,
      after: decodeCursor(list, paymentCursorSchema, cursor),
      matches: filterOf(list),
    });

    return {
      status: 200,
      body: {
        items: items.map(paymentBody),
        ...(next && { nextCursor: encodeCursor(list, next) }),
      } satisfies PaymentPageBody,
    };
  };
