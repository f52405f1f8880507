import {
  consumerConfigFromEnv,
  eventConsumer,
} from '../../shared/application/events/event-consumer.ts';
import { createOpenReview } from '../../shared/application/reviews/open-review.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createRefundRepository } from '../../shared/persistence/refund-repository.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { findOpened, openReview } from './handler.ts';

export const compose = (platform: BasePlatform & SqsPlatform) => {
  const stores = storesFromEnv(platform, {
    payments: createPaymentRepository,
    refunds: createRefundRepository,
    reviews: createReviewRepository,
  });

  return eventConsumer(
    consumerConfigFromEnv(platform, 'open-review'),
    openReview({ open: createOpenReview(stores) }),
    findOpened(stores.reviews),
  );
};
