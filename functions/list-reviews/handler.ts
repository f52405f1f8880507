import type { HttpResponse } from '../../shared/http/http-response.ts';
import { decodeCursor, encodeCursor } from '../../shared/http/pagination.ts';
import { type ApiEvent, operatorOf, parseQuery } from '../../shared/http/request.ts';
import { reviewBody } from '../../shared/http/review-body.ts';
import type {
  ReviewPosition,
  ReviewRepository,
} from '../../shared/persistence/review-repository.ts';
import type { ReviewPageBody } from './operation.ts';
import { listReviewsQuery, reviewCursorSchema } from './request.ts';

interface Dependencies {
  readonly reviews: Pick<ReviewRepository, 'page'>;
}

/** Returns one page of the reviews, by age or by the amount at risk. */
export const listReviews =
  ({ reviews }: Dependencies) =>
  async (event: ApiEvent): Promise<HttpResponse> => {
    operatorOf(event);
    const { limit, cursor, ...list } = parseQuery(listReviewsQuery, event);
    const { items, next } = await reviews.page({
      ...list,
      limit,
      after: decodeCursor(list, reviewCursorSchema, cursor),
    });

    return {
      status: 200,
      body: {
        items: items.map(reviewBody),
        ...(next && { nextCursor: encodeCursor(list, cursorPositionOf(next)) }),
      } satisfies ReviewPageBody,
    };
  };

const cursorPositionOf = ({
  reviewId,
  openedAt,
  amountAtRisk,
}: ReviewPosition): ReviewPosition => ({
  reviewId,
  openedAt,
  amountAtRisk,
});
