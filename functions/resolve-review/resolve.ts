import { Outage, Refusal } from '../../shared/domain/errors.ts';
import { type Resolution, type Review, resolved } from '../../shared/domain/reviews/review.ts';
import type { Reviews } from '../../shared/persistence/review-repository.ts';
import type { Case, CaseOf } from './review-resolver.ts';

interface Dependencies {
  readonly reviews: Pick<Reviews, 'existing'>;
  readonly cases: Readonly<Record<Review['kind'], CaseOf>>;
}

const tries = 4;

/** How long a gateway that could not say is left alone. */
const retryAfterSeconds = 10;

/**
 * Resolves a review, once, by what the gateway says at that moment. The same decision again is answered with the first one, whoever made
 * it; another one is refused, and so is one that contradicts what is stored or what the gateway says. Where the gateway cannot say, nothing
 * is decided.
 */
export const resolveIn =
  ({ reviews, cases }: Dependencies) =>
  async (reviewId: string, resolution: Resolution): Promise<Review> => {
    const { decision } = resolution;
    for (let tried = 1; tried <= tries; tried += 1) {
      const review = await reviews.existing(reviewId);
      if (review.status === 'RESOLVED') return sameDecision(review, resolution);
      const { decisions, examine } = await cases[review.kind](review);
      // Somebody was faster since the review was read; the review itself says so the next time, or soon.
      if (decisions.length === 0 && tried < tries) continue;
      if (!decisions.includes(decision)) throw notAllowed(maySay(decisions));
      const { check, gateway, write } = await examine(decision);
      if (check.result === 'contradicts') throw notAllowed(check.detail);
      if (check.result === 'unclear') throw notNow(gateway);
      const whole = { ...resolution, ...(gateway !== undefined && { gateway }) };
      const written = await write(whole);
      if (written === 'settled') return resolved(review, whole);
    }
    throw new Outage(`Review ${reviewId} kept moving.`);
  };

const sameDecision = (review: Review, { decision }: Resolution): Review => {
  if (review.decision === decision) return review;
  throw notAllowed(`It was resolved as ${review.decision}.`);
};

const maySay = (decisions: Case['decisions']) =>
  decisions.length === 0
    ? 'It went on by itself, and there is nothing left to decide.'
    : `It may be resolved as ${decisions.join(' or ')}.`;

const notAllowed = (detail: string) => new Refusal({ code: 'decision-not-allowed', detail });

const notNow = (gateway = 'no answer') =>
  new Outage(`The gateway is not conclusive: ${gateway}`, {
    retryAfterSeconds,
    detail: `Nothing is decided: the gateway gave no conclusive answer (${gateway}). Send the same request again later.`,
  });
