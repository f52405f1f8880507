import {
  consumerConfigFromEnv,
  eventConsumer,
} from '../../shared/application/events/event-consumer.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { closeReview, findClosed } from './handler.ts';

export const compose = (platform: BasePlatform & SqsPlatform) => {
  const stores = storesFromEnv(platform, { reviews: createReviewRepository });

  return eventConsumer(
    consumerConfigFromEnv(platform, 'close-review'),
    closeReview(stores),
    findClosed(stores.reviews),
  );
};
