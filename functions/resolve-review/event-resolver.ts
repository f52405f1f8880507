import { eventDecisionsFor } from '../../shared/domain/reviews/review.ts';
import { closing } from './close-only.ts';
import type { CaseOf } from './review-resolver.ts';

/** An event that could not be built: a person has done what it stands for, or had it published. Nothing but the review moves. */
export const eventCase =
  (stores: Parameters<typeof closing>[0]): CaseOf =>
  async (review) => ({
    decisions: eventDecisionsFor(review),
    examine: async () => closing(stores, review),
  });
