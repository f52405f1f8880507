import { differenceReviewsIn } from '../../shared/application/reviews/difference-reviews.ts';
import { reviewsIn } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { type Compare, compareWith } from './compare-with-gateway.ts';

type Given = Omit<Parameters<typeof compareWith>[0], 'differences'> &
  Pick<Parameters<typeof differenceReviewsIn>[0], 'payments'>;

/** The comparison over the tables that the environment names. */
export const comparingFromEnv = (given: Given): Compare => {
  const stores = storesFromEnv({ reviews: reviewsIn });

  return compareWith({ ...given, differences: differenceReviewsIn({ ...given, ...stores }) });
};
