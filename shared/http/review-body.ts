import type { Review } from '../domain/reviews/review.ts';
import type { ReviewBody } from './schemas/review.ts';

export const reviewLinks = (reviewId: string) => ({ self: `/operator/reviews/${reviewId}` });

/** A review as operators see it, without the version of the item under review. */
export const reviewBody = ({ version, ...review }: Review): ReviewBody => ({
  ...review,
  links: reviewLinks(review.reviewId),
});
