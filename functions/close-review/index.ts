import { reviewsIn } from '../../shared/data/reviews.ts';
import { eventConsumer } from '../../shared/runtime/event-consumer.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { closeReview } from './handler.ts';

export const handler = eventConsumer(
  'close-review',
  closeReview(storesFromEnv({ reviews: reviewsIn })),
);
