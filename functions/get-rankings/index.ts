import { documentClient as db } from '../../shared/config/aws-clients.ts';
import { requireEnv, timeZoneFromEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { parseQuery } from '../../shared/http/request.ts';
import { createRankingRepository } from '../../shared/persistence/ranking-repository.ts';
import { getRankings } from './handler.ts';
import { rankingsQuery } from './request.ts';

const env = requireEnv('RANKINGS_TABLE');
const rankings = createRankingRepository(db, env.RANKINGS_TABLE);
const answer = getRankings({ rankings, clock, timeZone: timeZoneFromEnv() });

export const handler = httpHandler((event) => answer(parseQuery(rankingsQuery, event)));
