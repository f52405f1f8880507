import { ordersOfBuyerIn } from '../../shared/data/orders-of-buyer.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { listOrders } from './handler.ts';

export const handler = httpHandler(listOrders(storesFromEnv({ orders: ordersOfBuyerIn })));
