import { eventConsumer } from '../../shared/application/events/event-consumer.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { closeReview } from './handler.ts';

export const handler = eventConsumer(
  'close-review',
  closeReview(storesFromEnv({ reviews: createReviewRepository })),
);
