import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Review } from '../../shared/domain/reviews/review.ts';
import { commit } from '../../shared/persistence/dynamodb/transaction.ts';
import type { Reviews } from '../../shared/persistence/review-repository.ts';
import type { Examined, Written } from './review-resolver.ts';

interface Stores {
  readonly db: DynamoDBDocumentClient;
  readonly reviews: Pick<Reviews, 'resolve'>;
}

/** A decision that moves nothing but the review, and that the gateway has no say in. */
export const closing = ({ db, reviews }: Stores, { reviewId }: Review): Examined => ({
  check: { result: 'agrees' },
  async write(resolution) {
    const write = reviews.resolve(reviewId, resolution);
    const [refused = 'settled'] = await commit<Written>(db, [
      { write, refused: () => 'superseded' },
    ]);

    return refused;
  },
});
