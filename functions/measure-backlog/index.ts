import middy from '@middy/core';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { tellOutcome } from '../../shared/observability/metrics.ts';
import { waitingPaymentsIn } from '../../shared/persistence/payment-backlog.ts';
import { openReviewsIn } from '../../shared/persistence/review-backlog.ts';
import { reviewsIn } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { measureBacklog } from './handler.ts';

const { payments: waiting, reviews } = storesFromEnv({
  payments: waitingPaymentsIn,
  reviews: reviewsIn,
});
const measureAll = measureBacklog({ waiting, inReview: openReviewsIn(reviews), clock });

export const handler = middy().handler(async () => {
  const backlog = await measureAll();
  tellOutcome('measured', { backlog });

  return backlog;
});
