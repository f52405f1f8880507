import { ordersIn } from '../../shared/data/orders.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { getOrder } from './handler.ts';

export const handler = httpHandler(getOrder(storesFromEnv({ orders: ordersIn })));
