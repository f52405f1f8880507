import type { BasePlatform } from '../../shared/config/platform.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createOrderListRepository } from '../../shared/persistence/order-list-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { listOrders } from './handler.ts';

export const compose = (platform: BasePlatform) =>
  httpHandler(listOrders(storesFromEnv(platform, { orders: createOrderListRepository })));
