import {
  consumerConfigFromEnv,
  eventConsumer,
} from '../../shared/application/events/event-consumer.ts';
import { requireEnv, timeZoneFromEnv } from '../../shared/config/env.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { createRankingRepository } from '../../shared/persistence/ranking-repository.ts';
import { findCount, updateRanking } from './handler.ts';

export const compose = (platform: BasePlatform & SqsPlatform) => {
  const { environment, db, clock } = platform;
  const env = requireEnv(environment, 'RANKINGS_TABLE');
  const rankings = createRankingRepository(db, env.RANKINGS_TABLE);

  const deps = { rankings, clock, timeZone: timeZoneFromEnv(environment) };

  return eventConsumer(
    consumerConfigFromEnv(platform, 'update-ranking'),
    updateRanking(deps),
    findCount(deps),
  );
};
