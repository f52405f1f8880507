import * as z from 'zod';
import { decisions } from '../../shared/domain/reviews/review.ts';

/** POST /operator/reviews/{reviewId}/resolve. */
export const resolveReviewSchema = z.strictObject({
  decision: z.enum(decisions).meta({ description: 'The decision.' }),
  reason: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .meta({ description: 'Reason for the audit log, 1 to 500 characters.' }),
});
