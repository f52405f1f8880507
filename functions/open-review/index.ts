import { eventConsumer } from '../../shared/application/events/event-consumer.ts';
import { openReviewIn } from '../../shared/application/reviews/open-review.ts';
import { paymentsIn } from '../../shared/persistence/payment-repository.ts';
import { refundsIn } from '../../shared/persistence/refund-repository.ts';
import { reviewsIn } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { openReview } from './handler.ts';

const stores = storesFromEnv({ payments: paymentsIn, refunds: refundsIn, reviews: reviewsIn });

export const handler = eventConsumer('open-review', openReview({ open: openReviewIn(stores) }));
