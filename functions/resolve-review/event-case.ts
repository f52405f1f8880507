import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Reviews } from '../../shared/data/reviews.ts';
import { commit } from '../../shared/data/transaction.ts';
import { eventDecisionsFor } from '../../shared/domain/review.ts';
import type { CaseOf, Written } from './case.ts';

interface Dependencies {
  readonly db: DynamoDBDocumentClient;
  readonly reviews: Pick<Reviews, 'resolve'>;
}

/** An event that could not be built: a person has done what it stands for, or had it published. Nothing but the review moves. */
export const eventCase =
  ({ db, reviews }: Dependencies): CaseOf =>
  async (review) => ({
    decisions: eventDecisionsFor(review),
    examine: async () => ({
      check: { result: 'agrees' },
      async write(resolution) {
        const write = reviews.resolve(review.reviewId, resolution);
        const [refused = 'settled'] = await commit<Written>(db, [
          { write, refused: () => 'superseded' },
        ]);

        return refused;
      },
    }),
  });
