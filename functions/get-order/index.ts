import { httpHandler } from '../../shared/http/http-handler.ts';
import { createOrderRepository } from '../../shared/persistence/order-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { getOrder } from './handler.ts';

export const handler = httpHandler(getOrder(storesFromEnv({ orders: createOrderRepository })));
