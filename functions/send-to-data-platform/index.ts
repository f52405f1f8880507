import { deliveriesIn } from '../../shared/data/deliveries.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { eventConsumer } from '../../shared/runtime/event-consumer.ts';
import { deliveryDeadlineMs, postWithin } from '../../shared/runtime/outbound.ts';
import { sendToDataPlatform } from './handler.ts';

const env = requireEnv('DELIVERIES_TABLE', 'DATA_PLATFORM_URL');
const deliveries = deliveriesIn(db, env.DELIVERIES_TABLE, clock);
const post = postWithin(deliveryDeadlineMs);
const send = sendToDataPlatform({ deliveries, post, url: env.DATA_PLATFORM_URL });

export const handler = eventConsumer('send-to-data-platform', send);
