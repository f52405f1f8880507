import { openReviewIn } from '../../shared/data/open-review.ts';
import { paymentsIn } from '../../shared/data/payments.ts';
import { refundsIn } from '../../shared/data/refunds.ts';
import { reviewsIn } from '../../shared/data/reviews.ts';
import { eventConsumer } from '../../shared/runtime/event-consumer.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { openReview } from './handler.ts';

const stores = storesFromEnv({ payments: paymentsIn, refunds: refundsIn, reviews: reviewsIn });

export const handler = eventConsumer('open-review', openReview({ open: openReviewIn(stores) }));
