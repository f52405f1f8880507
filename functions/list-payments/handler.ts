import type { PaymentsOfBuyer } from '../../shared/data/payments-of-buyer.ts';
import { buyerStatus, type Payment } from '../../shared/domain/payment.ts';
import { type Answer, type ApiEvent, buyerOf, queryOf } from '../../shared/http/boundary.ts';
import { paymentBody } from '../../shared/http/payment-body.ts';
import { fromCursor, type List, toCursor } from './cursor.ts';
import type { PageBody } from './operation.ts';
import { listQuery } from './request.ts';

interface Dependencies {
  readonly payments: PaymentsOfBuyer;
}

/** One page of the buyer's own payments, newest first. A filtered page may be short, or empty, and still have a next one. */
export const listPayments =
  ({ payments }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    const { limit, cursor, ...filter } = queryOf(listQuery, event);
    const list: List = { buyer: buyerOf(event), ...filter };
    const { items, next } = await payments.page({
      userId: list.buyer,
      limit,
      after: cursor === undefined ? undefined : fromCursor(list, cursor),
      wanted: wantedIn(list),
    });

    return {
      status: 200,
      body: {
        items: items.map(paymentBody),
        ...(next && { nextCursor: toCursor(list, next) }),
      } satisfies PageBody,
    };
  };

const wantedIn = ({ orderId, status }: List) =>
  orderId === undefined && status === undefined
    ? undefined
    : (payment: Payment) =>
        (orderId === undefined || payment.orderId === orderId) &&
        (status === undefined || buyerStatus(payment) === status);
