import {
  consumerConfigFromEnv,
  eventConsumer,
} from '../../shared/application/events/event-consumer.ts';
import { requireEnv } from '../../shared/config/env.ts';
import type { BasePlatform, SecretsPlatform, SqsPlatform } from '../../shared/config/platform.ts';
import type { DeliveryPlatform } from '../../shared/lambda/http-delivery.ts';
import { countFailedSecretReads } from '../../shared/observability/metrics.ts';
import { createDeliveryRepository } from '../../shared/persistence/delivery-repository.ts';
import { notifyBuyer } from './handler.ts';

const name = 'notify-buyer';

type Platform = BasePlatform & SqsPlatform & SecretsPlatform & DeliveryPlatform;

export const compose = (platform: Platform) => {
  const { environment, db, clock, post, createSecretReader } = platform;
  const env = requireEnv(
    environment,
    'DELIVERIES_TABLE',
    'NOTIFICATIONS_URL',
    'NOTIFICATIONS_SECRET_ARN',
  );
  const deliveries = createDeliveryRepository(db, env.DELIVERIES_TABLE, clock);
  const notify = notifyBuyer({
    deliveries,
    post,
    url: env.NOTIFICATIONS_URL,
    secret: countFailedSecretReads(createSecretReader(env.NOTIFICATIONS_SECRET_ARN)),
    clock,
  });

  return eventConsumer(consumerConfigFromEnv(platform, name), notify, ({ id: eventId }) =>
    deliveries.findResult({ eventId, consumer: name }),
  );
};
