import * as z from 'zod';
import { reviewStatuses } from '../../shared/domain/reviews/review.ts';
import { pageQuery } from '../../shared/http/pagination.ts';

/** GET /operator/reviews. */
export const listReviewsQuery = z.strictObject({
  status: z.enum(reviewStatuses).default('OPEN'),
  by: z.enum(['age', 'amount']).default('age'),
  ...pageQuery,
});

/** The position that a cursor encodes. */
export const reviewCursorSchema = z.strictObject({
  reviewId: z.string().min(1).max(64),
  openedAt: z.iso.datetime(),
  amountAtRisk: z.int().nonnegative(),
});
