import { eventConsumer } from '../../shared/application/events/event-consumer.ts';
import { documentClient as db } from '../../shared/config/aws-clients.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { parsePointsRate } from '../../shared/domain/points/points-rate.ts';
import { createPointsRepository } from '../../shared/persistence/points-repository.ts';
import { addLoyaltyPoints } from './handler.ts';

const env = requireEnv('LOYALTY_POINTS_TABLE', 'POINTS_RATE_PERCENT');
const points = createPointsRepository(db, env.LOYALTY_POINTS_TABLE);
const rate = parsePointsRate(env.POINTS_RATE_PERCENT);

export const handler = eventConsumer(
  'add-loyalty-points',
  addLoyaltyPoints({ points, rate, clock }),
);
