import * as z from 'zod';
import { buyerStatuses } from '../../domain/payments/buyer-status.ts';
import { paymentTransitions } from '../../domain/payments/payment-transition-table.ts';
import { amountOf, createdAt, currency, idOf, updatedAt, version } from './fields.ts';
import { nextActionSchema } from './next-action.ts';

export const paymentStatus = z.enum(buyerStatuses).meta({
  id: 'PaymentStatus',
  description:
    'PENDING: accepted, not charged yet. CONFIRMING: the outcome of the charge is unknown; the funds stay held. REQUIRES_ACTION: it waits for its buyer, who does what `nextAction` says. UNDER_REVIEW: an operator decides. ' +
    'COMPLETED, PARTIALLY_REFUNDED, REFUNDED: charged. FAILED: not charged, or charged and reversed.',
});

export const paymentStage = z
  .enum([...new Set(Object.values(paymentTransitions).map(({ to }) => to))])
  .meta({
    id: 'PaymentStage',
    description:
      'Internal state of the payment, more detailed than `status`. New values may be added.',
  });

export const paymentLinksSchema = z
  .strictObject({
    self: z.string().meta({ description: 'Path of the payment.' }),
    timeline: z.string().meta({ description: "Path of the payment's timeline." }),
  })
  .meta({ id: 'PaymentLinks', description: 'Related paths, relative to the base URL of the API.' });

export const failureSummarySchema = z
  .strictObject({
    code: z.string().meta({
      description:
        'Machine-readable code, the same for each gateway: see the API guide. New values may be added.',
    }),
    reason: z.string().meta({ description: 'Explanation for people.' }),
  })
  .optional()
  .meta({ description: 'Reason for the failure or the review. Absent otherwise.' });

/** The parts of a payment's amount. */
export const paymentParts = {
  balanceAmount: amountOf('Part of the amount that is taken from the balance'),
  gatewayAmount: amountOf('Part of the amount that the gateway charges'),
};

/** A payment as its buyer sees it. */
export const paymentSchema = z
  .strictObject({
    paymentId: idOf('payment'),
    orderId: idOf('order'),
    status: paymentStatus,
    stage: paymentStage,
    amount: amountOf('Amount of the payment'),
    ...paymentParts,
    currency,
    version,
    createdAt,
    updatedAt,
    failure: failureSummarySchema,
    released: z.literal(true).optional().meta({
      description:
        'Present once everything of a failed payment is back: balance, stock, order and coupon, and what was captured. The buyer can then order and pay again.',
    }),
    nextAction: nextActionSchema.optional(),
    refunded: amountOf('Amount refunded so far'),
    links: paymentLinksSchema,
  })
  .meta({ id: 'Payment', description: 'A payment of the buyer.' });

export type PaymentBody = z.infer<typeof paymentSchema>;
