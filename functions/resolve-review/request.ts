import * as z from 'zod';
import { decisions } from '../../shared/domain/reviews/review.ts';

/** POST /operator/reviews/{reviewId}/resolve. */
export const resolveReviewSchema = z.strictObject({
  decision: z.enum(decisions),
  /** For the audit. */
  reason: z.string().trim().min(1).max(500),
});
