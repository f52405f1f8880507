import type { Proposal, Review } from '../domain/reviews/review.ts';
import type { ReviewBody } from './schemas/review.ts';

export const reviewLinks = (reviewId: string) => ({ self: `/operator/reviews/${reviewId}` });

/** A review as operators see it, without the version of the item under review. */
export const reviewBody = ({ version, proposal, audit, ...review }: Review): ReviewBody => ({
  ...review,
  audit: audit.map(({ proposal: approved, ...resolution }) => ({
    ...resolution,
    ...(approved && { proposal: proposalBody(approved) }),
  })),
  ...(proposal && { proposal: proposalBody(proposal) }),
  links: reviewLinks(review.reviewId),
});

const proposalBody = ({ basis, ...proposal }: Proposal) => proposal;
