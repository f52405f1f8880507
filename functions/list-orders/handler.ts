import type { Order } from '../../shared/domain/orders/order.ts';
import { fromCursor, toCursor } from '../../shared/http/cursor.ts';
import { type Answer, type ApiEvent, buyerOf, queryOf } from '../../shared/http/http-handler.ts';
import { orderBody } from '../../shared/http/order-body.ts';
import type { OrdersOfBuyer } from '../../shared/persistence/order-list-repository.ts';
import type { PageBody } from './operation.ts';
import { listPlace, listQuery } from './request.ts';

interface Dependencies {
  readonly orders: OrdersOfBuyer;
}

/** One page of the buyer's own orders, newest first. A filtered page may be short, or empty, and still have a next one. */
export const listOrders =
  ({ orders }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    const { limit, cursor, status } = queryOf(listQuery, event);
    const list = { buyer: buyerOf(event), listed: 'orders', status };
    const { items, next } = await orders.page({
      userId: list.buyer,
      limit,
      after: fromCursor(list, listPlace, cursor),
      wanted: status && ((order: Order) => order.status === status),
    });

    return {
      status: 200,
      body: {
        items: items.map(orderBody),
        ...(next && { nextCursor: toCursor(list, next) }),
      } satisfies PageBody,
    };
  };
