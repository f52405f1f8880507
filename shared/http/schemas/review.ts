import * as z from 'zod';
import { decisions, reviewKinds, reviewStatuses } from '../../domain/reviews/review.ts';
import { currency, id, minorUnits, timestamp } from './fields.ts';

export const decisionSchema = z.enum(decisions).meta({
  id: 'Decision',
  description:
    'completed: the money is taken, or, of a refund, paid back. failed: it is not, and what was held for it is given back. reversed: it was taken and is given back at the payment gateway. Of an event that cannot be built, completed: what it stands for has been done.',
});

const gatewayDifference = z
  .strictObject({
    captured: minorUnits,
    refunded: minorUnits.meta({ description: 'All refunds at the gateway.' }),
    booked: minorUnits.meta({ description: 'Our refunds that are booked as paid.' }),
    pending: minorUnits.meta({ description: 'Our refunds under way.' }),
    amount: z.int().meta({
      description:
        'Below zero: the gateway has refunded what is in no book. Above: it holds more than the books say.',
    }),
    detail: z.string().optional(),
  })
  .meta({
    id: 'GatewayDifference',
    description: 'Of `gateway-difference`: what the gateway holds beside what the books say.',
  });

/** What operators see of a review in a list. */
export const reviewSchema = z
  .strictObject({
    reviewId: id,
    kind: z.enum(reviewKinds),
    paymentId: id,
    refundId: id.optional(),
    orderId: id,
    userId: z.string(),
    code: z.string().meta({ description: 'Why it is under review.' }),
    detail: z
      .string()
      .optional()
      .meta({ description: 'Of an event that cannot be built: what is wrong with which field.' }),
    amountAtRisk: minorUnits,
    currency,
    status: z.enum(reviewStatuses),
    openedAt: timestamp,
    decision: decisionSchema.optional(),
    audit: z
      .array(
        z.strictObject({
          at: timestamp,
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
    difference: gatewayDifference.optional(),
    reconciledAt: timestamp.optional().meta({
      description: 'When the gateway and the books agreed again. Absent while they differ.',
    }),
    links: z.strictObject({ self: z.string() }).meta({ id: 'ReviewLinks' }),
  })
  .meta({ id: 'Review', description: 'Something that only a person can decide.' });

export type ReviewBody = z.infer<typeof reviewSchema>;
