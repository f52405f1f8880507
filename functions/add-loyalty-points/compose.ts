import {
  consumerConfigFromEnv,
  eventConsumer,
} from '../../shared/application/events/event-consumer.ts';
import { requireEnv } from '../../shared/config/env.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { parsePointsRate } from '../../shared/domain/points/points-rate.ts';
import { createPointsRepository } from '../../shared/persistence/points-repository.ts';
import { addLoyaltyPoints, findPoints } from './handler.ts';

export const compose = (platform: BasePlatform & SqsPlatform) => {
  const { environment, db, clock } = platform;
  const env = requireEnv(environment, 'LOYALTY_POINTS_TABLE', 'POINTS_RATE_PERCENT');
  const points = createPointsRepository(db, env.LOYALTY_POINTS_TABLE);
  const rate = parsePointsRate(env.POINTS_RATE_PERCENT);

  return eventConsumer(
    consumerConfigFromEnv(platform, 'add-loyalty-points'),
    addLoyaltyPoints({ points, rate, clock }),
    findPoints({ points, rate }),
  );
};
