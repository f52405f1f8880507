import type { BasePlatform } from '../../shared/config/platform.ts';
import { createHandler } from '../../shared/observability/invocation-scope.ts';
import { logOutcome } from '../../shared/observability/metrics.ts';
import {
  createPaymentBacklogReader,
  createReviewBacklogReader,
} from '../../shared/persistence/backlog-repository.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { measureBacklog } from './handler.ts';

export const compose = (platform: BasePlatform) => {
  const stores = storesFromEnv(platform, {
    payments: createPaymentBacklogReader,
    reviews: createReviewRepository,
  });
  const measureAll = measureBacklog({
    findPendingPayments: stores.payments,
    findOpenReviews: createReviewBacklogReader(stores.reviews),
    clock: platform.clock,
  });

  return createHandler().handler(async () => {
    const backlog = await measureAll();
    logOutcome('backlog measured', { backlog });

    return backlog;
  });
};
