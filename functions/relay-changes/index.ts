import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { reviewUnbuiltIn } from '../../shared/application/events/review-unbuilt-event.ts';
import { patience as requestHandler } from '../../shared/config/aws-clients.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { publisher } from '../../shared/lambda/event-publisher.ts';
import { once } from '../../shared/lambda/idempotency.ts';
import { streamHandler } from '../../shared/lambda/stream-handler.ts';
import { reviewsIn } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
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
