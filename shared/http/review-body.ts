import type { Review } from '../domain/reviews/review.ts';
import type { ReviewBody } from './schemas/review.ts';

export const reviewLinks = (reviewId: string) => ({ self: `/operator/reviews/${reviewId}` });

/** What operators see of a review. Its version is that of what is under review, and says nothing to them. */
export const reviewBody = ({ version, ...review }: Review): ReviewBody => ({
  ...review,
  links: reviewLinks(review.reviewId),
});
