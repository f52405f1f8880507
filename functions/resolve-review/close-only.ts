import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Review } from '../../shared/domain/reviews/review.ts';
import { commit } from '../../shared/persistence/dynamodb/transaction.ts';
import type { ReviewRepository } from '../../shared/persistence/review-repository.ts';
import type { CheckedDecision, ResolutionWriteResult } from './review-resolver.ts';

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
