import { httpHandler } from '../../shared/http/http-handler.ts';
import { createOrderListRepository } from '../../shared/persistence/order-list-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { listOrders } from './handler.ts';

export const handler = httpHandler(
  listOrders(storesFromEnv({ orders: createOrderListRepository })),
);
