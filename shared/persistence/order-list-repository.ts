import type { Database } from '../config/platform.ts';
import type { Order } from '../domain/orders/order.ts';
import { batchGet } from './dynamodb/batch-get.ts';
import { createBuyerIndex } from './dynamodb/buyer-index.ts';
import { filterReadable } from './readable-items.ts';

/**
 * Lists the orders of a buyer. The index projects only the keys, so that a status change of an order costs no
 * index write. The orders themselves are read from the table.
 */
export const createOrderListRepository = (db: Database, table: string) =>
  createBuyerIndex<Order, 'orderId'>(db, {
    table,
    id: 'orderId',
    loadItems: async (entries) => {
      const itemKeys = entries.map(({ orderId }) => ({ table, key: { orderId } }));
      const found = filterReadable<Order>('orders', (await batchGet(db, itemKeys))(table));
      const known = new Map(found.map((order) => [order.orderId, order]));

      return entries.flatMap(({ orderId }) => known.get(`${orderId}`) ?? []);
    },
  });

export type OrderListRepository = ReturnType<typeof createOrderListRepository>;
