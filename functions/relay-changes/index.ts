import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { patience } from '../../shared/runtime/aws.ts';
import { publisher } from '../../shared/runtime/bus.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { once } from '../../shared/runtime/idempotency.ts';
import { streamHandler } from '../../shared/runtime/stream-handler.ts';
import { type Announcement, relayChange } from './handler.ts';

const env = requireEnv('EVENT_BUS_NAME', 'UNDELIVERABLE_QUEUE_URL', 'IDEMPOTENCY_TABLE');
const sqs = new SQSClient({ maxAttempts: 3, requestHandler: patience });
const bus = new EventBridgeClient({ maxAttempts: 3, requestHandler: patience });
const send = publisher(bus, env.EVENT_BUS_NAME);
const publish = once(
  {
    table: env.IDEMPOTENCY_TABLE,
    name: 'relay-changes',
    keyOf: ({ record }: Announcement) => record,
  },
  ({ event }) => send(event),
);
const setAside = (pointer: object) =>
  sqs.send(
    new SendMessageCommand({
      QueueUrl: env.UNDELIVERABLE_QUEUE_URL,
      MessageBody: JSON.stringify(pointer),
    }),
  );

export const handler = streamHandler(relayChange({ publish, setAside }));
