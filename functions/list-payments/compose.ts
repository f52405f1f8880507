import type { BasePlatform } from '../../shared/config/platform.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createPaymentListRepository } from '../../shared/persistence/payment-list-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { listPayments } from './handler.ts';

export const compose = (platform: BasePlatform) =>
  httpHandler(listPayments(storesFromEnv(platform, { payments: createPaymentListRepository })));
