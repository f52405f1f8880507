import { createDifferenceReviews } from '../../shared/application/reviews/difference-reviews.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { createCompareWithGateway } from './compare-with-gateway.ts';
import type { CompareWithGateway } from './types.ts';

type CompareDependencies = Omit<Parameters<typeof createCompareWithGateway>[0], 'differences'> &
  Pick<Parameters<typeof createDifferenceReviews>[0], 'payments'>;

/** The comparison over the tables that the environment names. */
export const compareFromEnv = (deps: CompareDependencies): CompareWithGateway => {
  const stores = storesFromEnv({ reviews: createReviewRepository });

  return createCompareWithGateway({
    ...deps,
    differences: createDifferenceReviews({ ...deps, ...stores }),
  });
};
