import { buyerStatus } from '../../shared/domain/payments/buyer-status.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { decodeCursor, encodeCursor } from '../../shared/http/pagination.ts';
import { paymentBody } from '../../shared/http/payment-body.ts';
import { type ApiEvent, buyerOf, parseQuery } from '../../shared/http/request.ts';
import type { Item } from '../../shared/persistence/dynamodb/expressions.ts';
import type { PaymentListRepository } from '../../shared/persistence/payment-list-repository.ts';
import type { PaymentPageBody } from './operation.ts';
import { type ListPaymentsQuery, listPaymentsQuery, paymentCursorSchema } from './request.ts';

/** One buyer's list with its filter. */
type PaymentFilter = Pick<ListPaymentsQuery, 'orderId' | 'status'> & {
  readonly buyer: string;
};

/** Matches the payments of the list: the index has their orders, and only the items their status. */
const filterOf = ({ orderId, status }: PaymentFilter) => ({
  matchesEntry: orderId === undefined ? undefined : (entry: Item) => entry.orderId === orderId,
  matches: status === undefined ? undefined : (payment: Payment) => buyerStatus(payment) === status,
});

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
      ...filterOf(list),
    });

    return {
      status: 200,
      body: {
        items: items.map(paymentBody),
        ...(next && { nextCursor: encodeCursor(list, next) }),
      } satisfies PaymentPageBody,
    };
  };
