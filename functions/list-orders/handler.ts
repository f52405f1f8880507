import type { Order } from '../../shared/domain/orders/order.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { orderBody } from '../../shared/http/order-body.ts';
import { decodeCursor, encodeCursor } from '../../shared/http/pagination.ts';
import { type ApiEvent, buyerOf, parseQuery } from '../../shared/http/request.ts';
import type { OrderListRepository } from '../../shared/persistence/order-list-repository.ts';
import type { OrderPageBody } from './operation.ts';
import { listOrdersQuery, orderCursorSchema } from './request.ts';

interface Dependencies {
  readonly orders: OrderListRepository;
}

/**
 * Returns one page of the buyer's own orders, newest first. A filtered page may be short or empty and still
 * have a next one.
 */
export const listOrders =
  ({ orders }: Dependencies) =>
  async (event: ApiEvent): Promise<HttpResponse> => {
    const { limit, cursor, status } = parseQuery(listOrdersQuery, event);
    const list = { buyer: buyerOf(event), listed: 'orders', status };
    const { items, next } = await orders.page({
      userId: list.buyer,
      limit,
      after: decodeCursor(list, orderCursorSchema, cursor),
      matches: status && ((order: Order) => order.status === status),
    });

    return {
      status: 200,
      body: {
        items: items.map(orderBody),
        ...(next && { nextCursor: encodeCursor(list, next) }),
      } satisfies OrderPageBody,
    };
  };
