import { eventConsumer } from '../../shared/application/events/event-consumer.ts';
import { documentClient as db } from '../../shared/config/aws-clients.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { createSecretReader } from '../../shared/config/secret.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { deliveryDeadlineMs, postWithDeadline } from '../../shared/lambda/http-delivery.ts';
import { createDeliveryRepository } from '../../shared/persistence/delivery-repository.ts';
import { notifyBuyer } from './handler.ts';

const env = requireEnv('DELIVERIES_TABLE', 'NOTIFICATIONS_URL', 'NOTIFICATIONS_SECRET_ARN');
const notify = notifyBuyer({
  deliveries: createDeliveryRepository(db, env.DELIVERIES_TABLE, clock),
  post: postWithDeadline(deliveryDeadlineMs),
  url: env.NOTIFICATIONS_URL,
  secret: createSecretReader(env.NOTIFICATIONS_SECRET_ARN),
  clock,
});

export const handler = eventConsumer('notify-buyer', notify);
