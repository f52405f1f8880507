import { RejectionError, ServiceUnavailableError } from '../../shared/domain/errors.ts';
import {
  decideApproval,
  isProposedByAnother,
  needsSecondPerson,
} from '../../shared/domain/reviews/proposal.ts';
import type { ResolutionPlan } from '../../shared/domain/reviews/resolution-plan.ts';
import {
  type Resolution,
  type Review,
  withResolution,
} from '../../shared/domain/reviews/review.ts';
import { conflict, retryOnConflict } from '../../shared/persistence/dynamodb/retry-on-conflict.ts';
import type { ReviewRepository } from '../../shared/persistence/review-repository.ts';
import type { CheckedDecision, ReviewResolver, ReviewResolverFactory } from './review-resolver.ts';
import type { OperatorResolution, StoreProposal } from './store-proposal.ts';

interface Dependencies {
  readonly reviews: Pick<ReviewRepository, 'getOrThrow'>;
  readonly resolvers: Readonly<Record<Review['kind'], ReviewResolverFactory>>;
  readonly storeProposal: StoreProposal;
  /** Above this amount at risk, a decision needs a second person. 0: never. */
  readonly approvalAmount: number;
}

/** A decision as a dry run shows it. */
export interface PlannedResolution extends ResolutionPlan {
  readonly review: Review;
  readonly needsSecondPerson: boolean;
  readonly closesCharge: boolean;
  readonly observed?: string;
}

export type ResolutionResult =
  | { readonly outcome: 'resolved' | 'awaiting-approval'; readonly review: Review }
  | { readonly outcome: 'planned'; readonly planned: PlannedResolution };

interface ResolutionOptions {
  /** Whether to show what the decision would move, and to change nothing. */
  readonly isDryRun: boolean;
}

/** How long a client should wait after an inconclusive inquiry. */
const retryAfterSeconds = 10;

/**
 * Resolves a review once, by what the gateway reports at that moment. The same decision again returns the
 * first resolution. Rejects another decision, and one that contradicts the stored state or the gateway.
 * Decides nothing if the gateway is inconclusive.
 *
 * Above the approval amount, the first person's decision is stored as a proposal, and the same decision of
 * another person applies it. A dry run is rejected as the decision would be.
 */
export const createResolveReview =
  ({ reviews, resolvers, storeProposal, approvalAmount }: Dependencies) =>
  (
    reviewId: string,
    resolution: OperatorResolution,
    { isDryRun }: ResolutionOptions,
  ): Promise<ResolutionResult> => {
    const { decision } = resolution;
    const tryResolve = async (isLast: boolean): Promise<ResolutionResult | typeof conflict> => {
      const review = await reviews.getOrThrow(reviewId);
      if (review.status === 'RESOLVED')
        return { outcome: 'resolved', review: sameDecision(review, resolution) };
      const { decisions, examine } = await resolvers[review.kind](review);
      // The payment or refund has changed since the review was read; the review follows soon.
      if (decisions.length === 0 && !isLast) return conflict;
      if (!decisions.includes(decision)) throw decisionNotAllowed(allowedDecisionsText(decisions));
      const isAboveLimit = needsSecondPerson(review, approvalAmount);
      const isProposal = isAboveLimit && !isProposedByAnother(review, resolution);
      const checked = await examine(decision, { isReadOnly: isDryRun || isProposal });
      assertAgreement(checked);
      const plan = isDryRun || isAboveLimit ? await checked.plan(resolution) : undefined;
      if (plan === 'version-conflict') return conflict;
      const approval = plan && isAboveLimit ? decideApproval(review, resolution, plan) : undefined;
      if (plan && isDryRun)
        return { outcome: 'planned', planned: plannedOf(review, checked, plan, isAboveLimit) };
      if (approval && 'propose' in approval) {
        const { propose: proposal } = approval;
        const isStored = await storeProposal(review, resolution, proposal);

        return isStored
          ? { outcome: 'awaiting-approval', review: { ...review, proposal } }
          : conflict;
      }
      const { gateway } = checked;
      const recorded: Resolution = {
        ...resolution,
        ...(gateway !== undefined && { gateway }),
        ...(approval && { proposal: approval.approve }),
      };
      const written = await checked.write(recorded);

      return written === 'written'
        ? { outcome: 'resolved', review: withResolution(review, recorded) }
        : conflict;
    };

    return retryOnConflict(`Review ${reviewId}`, tryResolve, { maxAttempts: 4 });
  };

const assertAgreement = ({ check, gateway }: CheckedDecision): void => {
  if (check.result === 'contradicts') throw decisionNotAllowed(check.detail);
  if (check.result === 'unclear') throw gatewayInconclusive(gateway);
};

const plannedOf = (
  review: Review,
  { gateway: observed, closesCharge = false }: CheckedDecision,
  plan: ResolutionPlan,
  isAboveLimit: boolean,
): PlannedResolution => ({
  ...plan,
  review,
  needsSecondPerson: isAboveLimit,
  closesCharge,
  ...(observed !== undefined && { observed }),
});

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
