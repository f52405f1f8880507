import { RejectionError, ServiceUnavailableError } from '../../shared/domain/errors.ts';
import {
  type Resolution,
  type Review,
  withResolution,
} from '../../shared/domain/reviews/review.ts';
import { conflict, retryOnConflict } from '../../shared/persistence/dynamodb/retry-on-conflict.ts';
import type { ReviewRepository } from '../../shared/persistence/review-repository.ts';
import type { ReviewResolver, ReviewResolverFactory } from './review-resolver.ts';

interface Dependencies {
  readonly reviews: Pick<ReviewRepository, 'getOrThrow'>;
  readonly resolvers: Readonly<Record<Review['kind'], ReviewResolverFactory>>;
}

/** How long a client should wait after an inconclusive inquiry. */
const retryAfterSeconds = 10;

/**
 * Resolves a review once, by what the gateway reports at that moment. The same decision again returns the
 * first resolution. Rejects another decision, and one that contradicts the stored state or the gateway.
 * Decides nothing if the gateway is inconclusive.
 */
export const createResolveReview =
  ({ reviews, resolvers }: Dependencies) =>
  (reviewId: string, resolution: Resolution): Promise<Review> => {
    const { decision } = resolution;
    const tryResolve = async (isLast: boolean) => {
      const review = await reviews.getOrThrow(reviewId);
      if (review.status === 'RESOLVED') return sameDecision(review, resolution);
      const { decisions, examine } = await resolvers[review.kind](review);
      // The payment or refund has changed since the review was read; the review follows soon.
      if (decisions.length === 0 && !isLast) return conflict;
      if (!decisions.includes(decision)) throw decisionNotAllowed(allowedDecisionsText(decisions));
      const { check, gateway, write } = await examine(decision);
      if (check.result === 'contradicts') throw decisionNotAllowed(check.detail);
      if (check.result === 'unclear') throw gatewayInconclusive(gateway);
      const recorded = { ...resolution, ...(gateway !== undefined && { gateway }) };
      const written = await write(recorded);

      return written === 'written' ? withResolution(review, recorded) : conflict;
    };

    return retryOnConflict(`Review ${reviewId}`, tryResolve, { maxAttempts: 4 });
  };

const sameDecision = (review: Review, { decision }: Resolution): Review => {
  if (review.decision === decision) return review;
  throw decisionNotAllowed(`The review was resolved as ${review.decision}.`);
};

const allowedDecisionsText = (decisions: ReviewResolver['decisions']) =>
  decisions.length === 0
    ? 'The payment or refund has moved on: no decision is allowed.'
    : `Allowed decisions: ${decisions.join(', ')}.`;

const decisionNotAllowed = (detail: string) =>
  new RejectionError({ code: 'decision-not-allowed', detail });

const gatewayInconclusive = (gateway = 'no answer') =>
  new ServiceUnavailableError(`Inquiry inconclusive: ${gateway}`, {
    retryAfterSeconds,
    detail: `Nothing is decided: the gateway gave no conclusive answer (${gateway}). Send the same request again later.`,
  });
