import middy from '@middy/core';
import { openReviewsIn } from '../../shared/data/open-reviews.ts';
import { reviewsIn } from '../../shared/data/reviews.ts';
import { waitingPaymentsIn } from '../../shared/data/waiting-payments.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { tellOutcome } from '../../shared/runtime/measure.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
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
