import { createConfirmSale } from '../../shared/application/events/confirm-sale.ts';
import {
  confirmingEventConsumer,
  consumerConfigFromEnv,
} from '../../shared/application/events/event-consumer.ts';
import { timeZoneFromEnv } from '../../shared/config/env.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createRankingRepository } from '../../shared/persistence/ranking-repository.ts';
import { createRefundRepository } from '../../shared/persistence/refund-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { findCount, updateRanking } from './handler.ts';

export const compose = (platform: BasePlatform & SqsPlatform) => {
  const { environment, clock } = platform;
  const { rankings, ...stores } = storesFromEnv(platform, {
    rankings: createRankingRepository,
    payments: createPaymentRepository,
    refunds: createRefundRepository,
  });
  const deps = { rankings, clock, timeZone: timeZoneFromEnv(environment) };

  return confirmingEventConsumer(
    consumerConfigFromEnv(platform, 'update-ranking'),
    createConfirmSale(stores),
    updateRanking(deps),
    findCount(deps),
  );
};
