import middy from '@middy/core';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { logOutcome } from '../../shared/observability/metrics.ts';
import {
  createPaymentBacklogReader,
  createReviewBacklogReader,
} from '../../shared/persistence/backlog-repository.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { measureBacklog } from './handler.ts';

const { payments: findPendingPayments, reviews } = storesFromEnv({
  payments: createPaymentBacklogReader,
  reviews: createReviewRepository,
});
const measureAll = measureBacklog({
  findPendingPayments,
  findOpenReviews: createReviewBacklogReader(reviews),
  clock,
});

export const handler = middy().handler(async () => {
  const backlog = await measureAll();
  logOutcome('backlog measured', { backlog });

  return backlog;
});
