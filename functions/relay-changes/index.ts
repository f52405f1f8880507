import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createReviewUnbuiltEvent } from '../../shared/application/events/review-unbuilt-event.ts';
import { requestTimeouts as requestHandler } from '../../shared/config/aws-clients.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { createEventPublisher } from '../../shared/lambda/event-publisher.ts';
import { idempotent } from '../../shared/lambda/idempotency.ts';
import { streamHandler } from '../../shared/lambda/stream-handler.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { type RelayedEvent, relayStreamRecord } from './handler.ts';

const env = requireEnv('EVENT_BUS_NAME', 'UNDELIVERABLE_QUEUE_URL', 'IDEMPOTENCY_TABLE');
const { IDEMPOTENCY_TABLE: table, UNDELIVERABLE_QUEUE_URL: QueueUrl } = env;
const sqs = new SQSClient({ maxAttempts: 3, requestHandler });
const bus = new EventBridgeClient({ maxAttempts: 3, requestHandler });
const send = createEventPublisher(bus, env.EVENT_BUS_NAME);
const keyOf = ({ recordId }: RelayedEvent) => recordId;
const publish = idempotent({ table, name: 'relay-changes', keyOf }, ({ event }) => send(event));
const quarantine = (pointer: object) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(pointer) }));
const review = createReviewUnbuiltEvent(storesFromEnv({ reviews: createReviewRepository }).reviews);

export const handler = streamHandler(relayStreamRecord({ publish, review, quarantine, clock }));
