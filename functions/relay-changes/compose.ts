import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { createReviewUnbuiltEvent } from '../../shared/application/events/review-unbuilt-event.ts';
import { requireEnv } from '../../shared/config/env.ts';
import type {
  BasePlatform,
  EventBridgePlatform,
  SqsPlatform,
} from '../../shared/config/platform.ts';
import { createEventPublisher } from '../../shared/lambda/event-publisher.ts';
import { streamHandler } from '../../shared/lambda/stream-handler.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { publishOnce, relayStreamRecord } from './handler.ts';

export const compose = (platform: BasePlatform & SqsPlatform & EventBridgePlatform) => {
  const { environment, clock, createSqs, createEventBridge } = platform;
  const env = requireEnv(environment, 'EVENT_BUS_NAME', 'UNDELIVERABLE_QUEUE_URL');
  const sqs = createSqs({ maxAttempts: 3 });
  const quarantine = (pointer: object) =>
    sqs.send(
      new SendMessageCommand({
        QueueUrl: env.UNDELIVERABLE_QUEUE_URL,
        MessageBody: JSON.stringify(pointer),
      }),
    );
  const send = createEventPublisher(createEventBridge({ maxAttempts: 3 }), env.EVENT_BUS_NAME);
  const publish = publishOnce(send);
  const { reviews } = storesFromEnv(platform, { reviews: createReviewRepository });
  const review = createReviewUnbuiltEvent(reviews);

  return streamHandler(relayStreamRecord({ publish, review, quarantine, clock }));
};
