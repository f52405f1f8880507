import * as z from 'zod';
import { reviewStatuses } from '../../shared/domain/reviews/review.ts';
import { pageQuery } from '../../shared/http/pagination.ts';

/** GET /operator/reviews. */
export const listReviewsQuery = z.strictObject({
  status: z
    .enum(reviewStatuses)
    .default('OPEN')
    .meta({ description: 'Only reviews with this status.' }),
  by: z
    .enum(['age', 'amount'])
    .default('age')
    .meta({ description: 'Order of open reviews: oldest first, or largest amount at risk first.' }),
  ...pageQuery,
});

/** The position that a cursor encodes. */
export const reviewCursorSchema = z.strictObject({
  reviewId: z.string().min(1).max(64),
  openedAt: z.iso.datetime(),
  amountAtRisk: z.int().nonnegative(),
});
