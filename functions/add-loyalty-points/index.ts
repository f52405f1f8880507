import { pointsIn } from '../../shared/data/points.ts';
import { pointsRateOf } from '../../shared/domain/points.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { eventConsumer } from '../../shared/runtime/event-consumer.ts';
import { addLoyaltyPoints } from './handler.ts';

const env = requireEnv('LOYALTY_POINTS_TABLE', 'POINTS_RATE_PERCENT');
const points = pointsIn(db, env.LOYALTY_POINTS_TABLE);
const rate = pointsRateOf(env.POINTS_RATE_PERCENT);

export const handler = eventConsumer(
  'add-loyalty-points',
  addLoyaltyPoints({ points, rate, clock }),
);
