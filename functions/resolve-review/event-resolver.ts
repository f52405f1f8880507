import { allowedEventDecisions } from '../../shared/domain/reviews/review.ts';
import { closeOnly } from './close-only.ts';
import type { ReviewResolverFactory } from './review-resolver.ts';

/** An event that could not be built: a person has done what it stands for, or had it published. Nothing but the review moves. */
export const createEventResolver =
  (stores: Parameters<typeof closeOnly>[0]): ReviewResolverFactory =>
  async (review) => ({
    decisions: allowedEventDecisions(review),
    examine: async () => closeOnly(stores, review),
  });
