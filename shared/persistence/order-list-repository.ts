import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Order } from '../domain/orders/order.ts';
import { readTogether } from './dynamodb/batch-get.ts';
import { pagesOfBuyerIn } from './dynamodb/buyer-index.ts';
import { readable } from './readable-items.ts';

/**
 * The orders of a buyer. The index has the keys alone, so that accepting a payment, which moves the order, does not pay for the index; the
 * orders themselves are read from the table, as they are now.
 */
export const ordersOfBuyerIn = (db: DynamoDBDocumentClient, table: string) =>
  pagesOfBuyerIn<Order, 'orderId'>(db, {
    table,
    id: 'orderId',
    complete: async (entries) => {
      const addresses = entries.map(({ orderId }) => ({ table, key: { orderId } }));
      const found = readable<Order>('orders', (await readTogether(db, addresses))(table));
      const known = new Map(found.map((order) => [order.orderId, order]));

      return entries.flatMap(({ orderId }) => known.get(`${orderId}`) ?? []);
    },
  });

export type OrdersOfBuyer = ReturnType<typeof ordersOfBuyerIn>;
