import type { Database } from '../config/platform.ts';
import type { Order } from '../domain/orders/order.ts';
import { createBuyerList } from './buyer-list.ts';

/** Lists the orders of a buyer. */
export const createOrderListRepository = (db: Database, table: string) =>
  createBuyerList<Order, 'orderId'>(db, { table, id: 'orderId', of: 'orders' });

export type OrderListRepository = ReturnType<typeof createOrderListRepository>;
