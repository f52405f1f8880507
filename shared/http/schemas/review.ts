import * as z from 'zod';
import { decisions, reviewStatuses } from '../../domain/review.ts';
import { currency, id, minorUnits, moment } from './fields.ts';

export const decisionSchema = z.enum(decisions).meta({
  id: 'Decision',
  description:
    'completed: the money is taken, or, of a refund, paid back. failed: it is not, and what was held for it is given back. reversed: it was taken and is given back at the payment gateway.',
});

/** What operators see of a review in a list. */
export const reviewSchema = z
  .strictObject({
    reviewId: id,
    kind: z.enum(['payment', 'refund']),
    paymentId: id,
    refundId: id.optional(),
    orderId: id,
    userId: z.string(),
    code: z.string().meta({ description: 'Why it is under review.' }),
    amountAtRisk: minorUnits,
    currency,
    status: z.enum(reviewStatuses),
    openedAt: moment,
    decision: decisionSchema.optional(),
    audit: z
      .array(
        z.strictObject({
          at: moment,
          by: z.string(),
          decision: decisionSchema,
          reason: z.string(),
          gateway: z
            .string()
            .optional()
            .meta({ description: 'What the payment gateway said at that moment.' }),
        }),
      )
      .readonly()
      .meta({ description: 'Who decided what, when and why.' }),
    links: z.strictObject({ self: z.string() }).meta({ id: 'ReviewLinks' }),
  })
  .meta({ id: 'Review', description: 'Something that only a person can decide.' });

export type ReviewBody = z.infer<typeof reviewSchema>;
