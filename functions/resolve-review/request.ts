import * as z from 'zod';
import { minOperatorReasonLength } from '../../shared/domain/operator.ts';
import { decisions } from '../../shared/domain/reviews/review.ts';

/** POST /operator/reviews/{reviewId}/resolve. */
export const resolveReviewSchema = z.strictObject({
  decision: z.enum(decisions).meta({ description: 'The decision.' }),
  reason: z
    .string()
    .trim()
    .min(minOperatorReasonLength)
    .max(500)
    .meta({
      description: `Reason for the audit log, ${minOperatorReasonLength} to 500 characters.`,
    }),
});
