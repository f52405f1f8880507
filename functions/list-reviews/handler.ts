import { fromCursor, toCursor } from '../../shared/http/cursor.ts';
import { type Answer, type ApiEvent, operatorOf, queryOf } from '../../shared/http/http-handler.ts';
import { reviewBody } from '../../shared/http/review-body.ts';
import type { ReviewPosition, Reviews } from '../../shared/persistence/review-repository.ts';
import type { PageBody } from './operation.ts';
import { reviewsPlace, reviewsQuery } from './request.ts';

interface Dependencies {
  readonly reviews: Pick<Reviews, 'page'>;
}

/** One page of the reviews, by age or by the money at risk. */
export const listReviews =
  ({ reviews }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    operatorOf(event);
    const { limit, cursor, ...list } = queryOf(reviewsQuery, event);
    const { items, next } = await reviews.page({
      ...list,
      limit,
      after: fromCursor(list, reviewsPlace, cursor),
    });

    return {
      status: 200,
      body: {
        items: items.map(reviewBody),
        ...(next && { nextCursor: toCursor(list, placeOf(next)) }),
      } satisfies PageBody,
    };
  };

const placeOf = ({ reviewId, openedAt, amountAtRisk }: ReviewPosition): ReviewPosition => ({
  reviewId,
  openedAt,
  amountAtRisk,
});
