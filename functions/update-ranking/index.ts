import { eventConsumer } from '../../shared/application/events/event-consumer.ts';
import { documentClient as db } from '../../shared/config/aws-clients.ts';
import { requireEnv, timeZoneFromEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { createRankingRepository } from '../../shared/persistence/ranking-repository.ts';
import { updateRanking } from './handler.ts';

const env = requireEnv('RANKINGS_TABLE');
const rankings = createRankingRepository(db, env.RANKINGS_TABLE);
const update = updateRanking({ rankings, clock, timeZone: timeZoneFromEnv() });

export const handler = eventConsumer('update-ranking', update);
