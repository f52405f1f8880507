import {
  consumerConfigFromEnv,
  eventConsumer,
} from '../../shared/application/events/event-consumer.ts';
import { requireEnv } from '../../shared/config/env.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import type { DeliveryPlatform } from '../../shared/lambda/http-delivery.ts';
import { createDeliveryRepository } from '../../shared/persistence/delivery-repository.ts';
import { sendToDataPlatform } from './handler.ts';

const name = 'send-to-data-platform';

export const compose = (platform: BasePlatform & SqsPlatform & DeliveryPlatform) => {
  const { environment, db, clock, post } = platform;
  const env = requireEnv(environment, 'DELIVERIES_TABLE', 'DATA_PLATFORM_URL');
  const deliveries = createDeliveryRepository(db, env.DELIVERIES_TABLE, clock);

  return eventConsumer(
    consumerConfigFromEnv(platform, name),
    sendToDataPlatform({ deliveries, post, url: env.DATA_PLATFORM_URL }),
    ({ id: eventId }) => deliveries.findResult({ eventId, consumer: name }),
  );
};
