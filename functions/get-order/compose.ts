import type { BasePlatform } from '../../shared/config/platform.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createOrderRepository } from '../../shared/persistence/order-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { getOrder } from './handler.ts';

export const compose = (platform: BasePlatform) =>
  httpHandler(getOrder(storesFromEnv(platform, { orders: createOrderRepository })));
