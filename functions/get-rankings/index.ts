import { rankingsIn } from '../../shared/data/rankings.ts';
import { httpHandler, queryOf } from '../../shared/http/boundary.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv, timeZoneFromEnv } from '../../shared/runtime/env.ts';
import { getRankings } from './handler.ts';
import { rankingsQuery } from './request.ts';

const env = requireEnv('RANKINGS_TABLE');
const rankings = rankingsIn(db, env.RANKINGS_TABLE);
const answer = getRankings({ rankings, clock, timeZone: timeZoneFromEnv() });

export const handler = httpHandler((event) => answer(queryOf(rankingsQuery, event)));
