import * as z from 'zod';
import { decisions } from '../../shared/domain/reviews/review.ts';
import { operatorReasonSchema } from '../../shared/http/operator-reason.ts';

/** POST /operator/reviews/{reviewId}/resolve. */
export const resolveReviewSchema = z.strictObject({
  decision: z.enum(decisions).meta({ description: 'The decision.' }),
  reason: operatorReasonSchema,
  dryRun: z
    .boolean()
    .default(false)
    .meta({ description: 'Whether to show what the decision would move, and to change nothing.' }),
});
