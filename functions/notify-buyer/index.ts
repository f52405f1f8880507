import { deliveriesIn } from '../../shared/data/deliveries.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { eventConsumer } from '../../shared/runtime/event-consumer.ts';
import { deliveryDeadlineMs, postWithin } from '../../shared/runtime/outbound.ts';
import { secretOf } from '../../shared/runtime/secret.ts';
import { notifyBuyer } from './handler.ts';

const env = requireEnv('DELIVERIES_TABLE', 'NOTIFICATIONS_URL', 'NOTIFICATIONS_SECRET_ARN');
const notify = notifyBuyer({
  deliveries: deliveriesIn(db, env.DELIVERIES_TABLE, clock),
  post: postWithin(deliveryDeadlineMs),
  url: env.NOTIFICATIONS_URL,
  secret: secretOf(env.NOTIFICATIONS_SECRET_ARN),
  clock,
});

export const handler = eventConsumer('notify-buyer', notify);
