import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { createReviewUnbuiltEvent } from '../../shared/application/events/review-unbuilt-event.ts';
import { requireEnv } from '../../shared/config/env.ts';
import type {
  BasePlatform,
  EventBridgePlatform,
  SqsPlatform,
} from '../../shared/config/platform.ts';
import { createEventsPublisher } from '../../shared/lambda/event-publisher.ts';
import { streamHandler } from '../../shared/lambda/stream-handler.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { relayStreamRecords } from './handler.ts';

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
  const publish = createEventsPublisher(createEventBridge({ maxAttempts: 3 }), env.EVENT_BUS_NAME);
  const { reviews } = storesFromEnv(platform, { reviews: createReviewRepository });
  const review = createReviewUnbuiltEvent(reviews);

  return streamHandler(relayStreamRecords({ publish, review, quarantine, clock }));
};
