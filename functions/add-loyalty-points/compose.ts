import { createConfirmSale } from '../../shared/application/events/confirm-sale.ts';
import {
  confirmingEventConsumer,
  consumerConfigFromEnv,
} from '../../shared/application/events/event-consumer.ts';
import { requireEnv } from '../../shared/config/env.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { parsePointsRate } from '../../shared/domain/points/points-rate.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createPointsRepository } from '../../shared/persistence/points-repository.ts';
import { createRefundRepository } from '../../shared/persistence/refund-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { addLoyaltyPoints, findPoints } from './handler.ts';

export const compose = (platform: BasePlatform & SqsPlatform) => {
  const { environment, clock } = platform;
  const { loyaltyPoints: points, ...stores } = storesFromEnv(platform, {
    loyaltyPoints: createPointsRepository,
    payments: createPaymentRepository,
    refunds: createRefundRepository,
  });
  const rate = parsePointsRate(requireEnv(environment, 'POINTS_RATE_PERCENT').POINTS_RATE_PERCENT);
  const add = addLoyaltyPoints({ points, rate, clock });
  const find = findPoints({ points, rate });

  return confirmingEventConsumer(
    consumerConfigFromEnv(platform, 'add-loyalty-points'),
    createConfirmSale(stores),
    ({ event }) => add(event),
    ({ event }) => find(event),
  );
};
