import { requireEnv, timeZoneFromEnv } from '../../shared/config/env.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { parseQuery } from '../../shared/http/request.ts';
import { createRankingRepository } from '../../shared/persistence/ranking-repository.ts';
import { getRankings } from './handler.ts';
import { rankingsQuery } from './request.ts';

export const compose = ({ environment, db, clock }: BasePlatform) => {
  const env = requireEnv(environment, 'RANKINGS_TABLE');
  const rankings = createRankingRepository(db, env.RANKINGS_TABLE);
  const get = getRankings({
    rankings,
    clock,
    maxAgeMs: timingsFromEnv(environment).rankingsMaxAgeMs,
    timeZone: timeZoneFromEnv(environment),
  });

  return httpHandler((event) => get(parseQuery(rankingsQuery, event)));
};
