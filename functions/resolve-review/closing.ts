import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Reviews } from '../../shared/data/reviews.ts';
import { commit } from '../../shared/data/transaction.ts';
import type { Review } from '../../shared/domain/review.ts';
import type { Examined, Written } from './case.ts';

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
