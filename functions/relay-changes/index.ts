import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { reviewsIn } from '../../shared/data/reviews.ts';
import { reviewUnbuiltIn } from '../../shared/data/unbuilt-events.ts';
import { patience as requestHandler } from '../../shared/runtime/aws.ts';
import { publisher } from '../../shared/runtime/bus.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { once } from '../../shared/runtime/idempotency.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { streamHandler } from '../../shared/runtime/stream-handler.ts';
import { type Announcement, relayChange } from './handler.ts';

const env = requireEnv('EVENT_BUS_NAME', 'UNDELIVERABLE_QUEUE_URL', 'IDEMPOTENCY_TABLE');
const { IDEMPOTENCY_TABLE: table, UNDELIVERABLE_QUEUE_URL: QueueUrl } = env;
const sqs = new SQSClient({ maxAttempts: 3, requestHandler });
const bus = new EventBridgeClient({ maxAttempts: 3, requestHandler });
const send = publisher(bus, env.EVENT_BUS_NAME);
const keyOf = ({ record }: Announcement) => record;
const publish = once({ table, name: 'relay-changes', keyOf }, ({ event }) => send(event));
const setAside = (pointer: object) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(pointer) }));
const review = reviewUnbuiltIn(storesFromEnv({ reviews: reviewsIn }).reviews);

export const handler = streamHandler(relayChange({ publish, review, setAside, clock }));
