import * as z from 'zod';
import { decisions, reviewKinds, reviewStatuses } from '../../domain/reviews/review.ts';
import { amountOf, currency, idOf, operatorName, timestampOf } from './fields.ts';

export const decisionSchema = z.enum(decisions).meta({
  id: 'Decision',
  description:
    'completed: the payment was captured, or the refund was paid. failed: it was not; the holds are released. reversed: the payment was captured and has been refunded at the gateway. For a review of kind `event` or `dispute`, completed means that an operator has done what it needs.',
});

const gatewayDifference = z
  .strictObject({
    captured: amountOf('Amount captured at the gateway'),
    refunded: amountOf('Amount refunded at the gateway'),
    booked: amountOf('Amount of the refunds that the service has recorded as paid'),
    pending: amountOf('Amount of the refunds of the service that are in progress'),
    amount: z.int().meta({
      description:
        'Difference in minor units. Negative: the gateway has refunded more than is recorded. Positive: the gateway holds more than is recorded.',
    }),
    detail: z.string().optional().meta({ description: 'Explanation for people.' }),
  })
  .meta({
    id: 'GatewayDifference',
    description:
      'Amounts at the gateway and in the stores. Present for reviews of kind `gateway-difference`.',
  });

const person = {
  by: z.string().meta({ description: 'Subject (`sub`) of the operator, or a function.' }),
  name: operatorName,
  scope: z
    .string()
    .optional()
    .meta({ description: 'Scope that permitted the decision of an operator.' }),
  decision: decisionSchema,
  reason: z.string().meta({ description: 'Reason given by the operator.' }),
};

const proposal = z
  .strictObject({ at: timestampOf('Time of the proposal'), ...person })
  .meta({ id: 'Proposal', description: 'A decision of the first of two persons.' });

/** A review as operators see it in a list. */
export const reviewSchema = z
  .strictObject({
    reviewId: idOf('review'),
    kind: z.enum(reviewKinds).meta({
      description:
        'payment, refund: its outcome is unknown. gateway-difference: the gateway and the stores disagree. dispute: the buyer disputes the charge, or the dispute was lost. event: an event cannot be built.',
    }),
    paymentId: idOf('payment'),
    refundId: idOf('refund')
      .optional()
      .meta({ description: 'ID of the refund. Present for a review of a refund.' }),
    orderId: idOf('order'),
    userId: z.string().meta({ description: 'ID of the buyer.' }),
    code: z.string().meta({ description: 'Machine-readable reason for the review.' }),
    detail: z
      .string()
      .optional()
      .meta({ description: 'For reviews of kind `event`: which field is not valid, and why.' }),
    amountAtRisk: amountOf('Amount that depends on the decision'),
    currency,
    status: z.enum(reviewStatuses).meta({ description: 'Status of the review.' }),
    openedAt: timestampOf('Time at which the review was opened'),
    decision: decisionSchema.optional(),
    audit: z
      .array(
        z.strictObject({
          at: timestampOf('Time of the decision'),
          ...person,
          gateway: z
            .string()
            .optional()
            .meta({ description: 'What the gateway returned when the review was resolved.' }),
          proposal: proposal.optional(),
        }),
      )
      .readonly()
      .meta({ description: 'Audit log: every decision with its time, actor and reason.' }),
    proposal: proposal
      .optional()
      .meta({ description: 'The decision that waits for a second person.' }),
    difference: gatewayDifference.optional(),
    reconciledAt: timestampOf(
      'Time at which the gateway and the stores agreed again',
      'Absent while they differ.',
    ).optional(),
    links: z.strictObject({ self: z.string().meta({ description: 'Path of the review.' }) }).meta({
      id: 'ReviewLinks',
      description: 'Related paths, relative to the base URL of the API.',
    }),
  })
  .meta({ id: 'Review', description: 'A case that an operator decides.' });

export type ReviewBody = z.infer<typeof reviewSchema>;
