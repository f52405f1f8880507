import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DecisionCheck } from '../../shared/domain/reviews/decision-check.ts';
import {
  allowedEventDecisions,
  type Decision,
  type Resolution,
  type Review,
} from '../../shared/domain/reviews/review.ts';
import { commit } from '../../shared/persistence/dynamodb/transaction.ts';
import type { ReviewRepository } from '../../shared/persistence/review-repository.ts';

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

interface Stores {
  readonly db: DynamoDBDocumentClient;
  readonly reviews: Pick<ReviewRepository, 'resolve'>;
}

/** A decision that moves nothing but the review, and that the gateway has no say in. */
export const closeOnly = ({ db, reviews }: Stores, { reviewId }: Review): CheckedDecision => ({
  check: { result: 'agrees' },
  async write(resolution) {
    const write = reviews.resolve(reviewId, resolution);
    const [refused = 'settled'] = await commit<ResolutionWriteResult>(db, [
      { write, toRejection: () => 'version-conflict' },
    ]);

    return refused;
  },
});

/** An event that could not be built: a person has done what it stands for, or had it published. Nothing but the review moves. */
export const createEventResolver =
  (stores: Parameters<typeof closeOnly>[0]): ReviewResolverFactory =>
  async (review) => ({
    decisions: allowedEventDecisions(review),
    examine: async () => closeOnly(stores, review),
  });
