import type { DecisionCheck } from '../../shared/domain/reviews/decision-check.ts';
import type { Decision, Resolution, Review } from '../../shared/domain/reviews/review.ts';

/** Written; or another write moved the payment, refund or review first. */
export type ResolutionWriteResult = 'settled' | 'version-conflict';

/** A decision beside what the gateway says, and the one transaction that makes it true. */
export interface CheckedDecision {
  readonly check: DecisionCheck;
  /** What the gateway said, in one line. Absent where there is nothing that it could know. */
  readonly gateway?: string | undefined;
  readonly write: (resolution: Resolution) => Promise<ResolutionWriteResult>;
}

/** What may be decided of a review by what is stored, and how a decision is held against the gateway. */
export interface ReviewResolver {
  readonly decisions: readonly Decision[];
  readonly examine: (decision: Decision) => Promise<CheckedDecision>;
}

export type ReviewResolverFactory = (review: Review) => Promise<ReviewResolver>;
