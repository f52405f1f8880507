import { eventConsumer } from '../../shared/application/events/event-consumer.ts';
import { createOpenReview } from '../../shared/application/reviews/open-review.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createRefundRepository } from '../../shared/persistence/refund-repository.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { openReview } from './handler.ts';

const stores = storesFromEnv({
  payments: createPaymentRepository,
  refunds: createRefundRepository,
  reviews: createReviewRepository,
});

export const handler = eventConsumer('open-review', openReview({ open: createOpenReview(stores) }));
