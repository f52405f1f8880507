import { requireEnv } from '../../shared/config/env.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { buyerOf } from '../../shared/http/request.ts';
import { createPointsRepository } from '../../shared/persistence/points-repository.ts';
import { getPoints } from './handler.ts';

export const compose = ({ environment, db }: BasePlatform) => {
  const env = requireEnv(environment, 'LOYALTY_POINTS_TABLE');
  const get = getPoints({ points: createPointsRepository(db, env.LOYALTY_POINTS_TABLE) });

  return httpHandler((event) => get(buyerOf(event)));
};
