import { eventConsumer } from '../../shared/application/events/event-consumer.ts';
import { documentClient as db } from '../../shared/config/aws-clients.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { deliveryDeadlineMs, postWithDeadline } from '../../shared/lambda/http-delivery.ts';
import { createDeliveryRepository } from '../../shared/persistence/delivery-repository.ts';
import { sendToDataPlatform } from './handler.ts';

const env = requireEnv('DELIVERIES_TABLE', 'DATA_PLATFORM_URL');
const deliveries = createDeliveryRepository(db, env.DELIVERIES_TABLE, clock);
const post = postWithDeadline(deliveryDeadlineMs);
const send = sendToDataPlatform({ deliveries, post, url: env.DATA_PLATFORM_URL });

export const handler = eventConsumer('send-to-data-platform', send);
