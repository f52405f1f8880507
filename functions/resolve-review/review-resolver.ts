import type { Database } from '../../shared/config/platform.ts';
import type { DecisionCheck } from '../../shared/domain/reviews/decision-check.ts';
import { emptyPlan, type ResolutionPlan } from '../../shared/domain/reviews/resolution-plan.ts';
import {
  allowedClosingDecisions,
  type Decision,
  type Resolution,
  type Review,
} from '../../shared/domain/reviews/review.ts';
import { tryCommit } from '../../shared/persistence/dynamodb/transaction.ts';
import type { ReviewRepository } from '../../shared/persistence/review-repository.ts';

/** Whether the transaction was written, or another write changed the payment, refund or review first. */
export type ResolutionWriteResult = 'written' | 'version-conflict';

/** A decision compared with the gateway, and the one transaction that applies it. */
export interface CheckedDecision {
  readonly check: DecisionCheck;
  /** What the gateway reported, in one line. Absent if the gateway was not called. */
  readonly gateway?: string | undefined;
  /** Present if the decision first cancels the charge at the gateway, which a read-only check does not. */
  readonly closesCharge?: boolean;
  /** What the decision would move. Writes nothing. */
  readonly plan: (resolution: Resolution) => Promise<ResolutionPlan | 'version-conflict'>;
  readonly write: (resolution: Resolution) => Promise<ResolutionWriteResult>;
}

export interface ExamineOptions {
  /** Whether the check must change nothing, also at the gateway. */
  readonly isReadOnly: boolean;
}

/** The decisions that the stored state allows, and how a decision is checked against the gateway. */
export interface ReviewResolver {
  readonly decisions: readonly Decision[];
  readonly examine: (decision: Decision, options: ExamineOptions) => Promise<CheckedDecision>;
}

export type ReviewResolverFactory = (review: Review) => Promise<ReviewResolver>;

interface Stores {
  readonly db: Database;
  readonly reviews: Pick<ReviewRepository, 'resolve'>;
}

/** A decision that changes only the review and needs no inquiry. */
export const closeOnly = ({ db, reviews }: Stores, { reviewId }: Review): CheckedDecision => ({
  check: { result: 'agrees' },
  plan: async () => emptyPlan,
  async write(resolution) {
    const isWritten = await tryCommit(db, [reviews.resolve(reviewId, resolution)]);

    return isWritten ? 'written' : 'version-conflict';
  },
});

/**
 * Resolves the review of a dispute, or of an event that could not be built. An operator has handled it elsewhere:
 * only the review changes.
 */
export const createClosingResolver =
  (stores: Parameters<typeof closeOnly>[0]): ReviewResolverFactory =>
  async (review) => ({
    decisions: allowedClosingDecisions(review),
    examine: async () => closeOnly(stores, review),
  });
