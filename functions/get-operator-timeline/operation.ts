import * as z from 'zod';
import { operatorKinds, timelineKinds } from '../../shared/domain/timeline/timeline-entry.ts';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { disputeSchema, refundedElsewhere } from '../../shared/http/schemas/dispute.ts';
import { amountOf } from '../../shared/http/schemas/fields.ts';
import { paymentSchema } from '../../shared/http/schemas/payment.ts';
import { chargingPaymentExample } from '../../shared/http/schemas/payment-example.ts';
import { pendingActionsSchema, timelineEntrySchema } from '../../shared/http/schemas/timeline.ts';
import { claimedTimelineExample } from '../../shared/http/schemas/timeline-example.ts';

const operatorTimeline = paymentSchema
  .omit({ nextAction: true })
  .extend({
    userId: z.string().meta({ description: 'ID of the buyer.' }),
    attempt: z.int().nonnegative().meta({ description: 'Number of charge attempts.' }),
    refundPending: amountOf('Amount of refunds in progress'),
    refundedElsewhere: refundedElsewhere.optional(),
    dispute: disputeSchema.optional(),
    traceId: z.string().optional().meta({ description: 'Trace ID, also in its log lines.' }),
    entries: z
      .array(timelineEntrySchema([...timelineKinds, ...operatorKinds]))
      .readonly()
      .meta({ description: 'The entries, oldest first.' }),
    pendingActions: pendingActionsSchema,
  })
  .meta({ id: 'OperatorTimeline', description: 'A payment with its full timeline.' });

export type OperatorTimelineBody = z.infer<typeof operatorTimeline>;

const { buyer, paymentId } = alice;

const charging = {
  ...chargingPaymentExample,
  userId: buyer,
  attempt: 1,
  refundPending: 0,
  entries: [...claimedTimelineExample],
  pendingActions: [
    {
      at: '2026-11-23T09:00:50.150Z',
      detail:
        'the gateway answers the charger; without an answer it becomes UNKNOWN and an inquiry follows',
    },
  ],
} satisfies OperatorTimelineBody;

export const operation: Operation = {
  tag: 'Operators',
  summary: "Get a payment's operator timeline",
  description:
    "Returns the payment of any buyer with its full timeline: the buyer's entries, consumer deliveries, reviews, evidence and pending actions.",
  responses: { 200: { description: 'The payment and its timeline.', schema: operatorTimeline } },
  problems: ['payment-not-found'],
  examples: {
    charging: {
      summary: 'Payment in flight',
      fixture: 'charging',
      path: { paymentId },
      response: { status: 200, body: charging },
    },
    notFound: {
      summary: 'Unknown payment',
      fixture: 'shop',
      path: { paymentId },
      response: rejectionExample(`/operator/payments/${paymentId}/timeline`, {
        code: 'payment-not-found',
        detail: `There is no payment "${paymentId}".`,
      }),
    },
  },
};
