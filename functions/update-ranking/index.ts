import { rankingsIn } from '../../shared/data/rankings.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv, timeZoneFromEnv } from '../../shared/runtime/env.ts';
import { eventConsumer } from '../../shared/runtime/event-consumer.ts';
import { updateRanking } from './handler.ts';

const env = requireEnv('RANKINGS_TABLE');
const rankings = rankingsIn(db, env.RANKINGS_TABLE);
const update = updateRanking({ rankings, clock, timeZone: timeZoneFromEnv() });

export const handler = eventConsumer('update-ranking', update);
