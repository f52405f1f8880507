import * as z from 'zod';
import { operatorKinds, timelineKinds } from '../../shared/domain/timeline/timeline-entry.ts';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { paymentLinks } from '../../shared/http/payment-body.ts';
import { minorUnits } from '../../shared/http/schemas/fields.ts';
import { paymentSchema } from '../../shared/http/schemas/payment.ts';
import { pendingActionsSchema, timelineEntrySchema } from '../../shared/http/schemas/timeline.ts';
import { claimedTimelineExample } from '../../shared/http/schemas/timeline-example.ts';

const operatorTimeline = paymentSchema
  .extend({
    userId: z.string(),
    attempt: z.int().nonnegative(),
    refundPending: minorUnits,
    traceId: z.string().optional().meta({ description: 'By which its log lines are found.' }),
    entries: z.array(timelineEntrySchema([...timelineKinds, ...operatorKinds])).readonly(),
    pendingActions: pendingActionsSchema,
  })
  .meta({ id: 'ExplainedPayment', description: 'A payment with its whole story.' });

export type OperatorTimelineBody = z.infer<typeof operatorTimeline>;

const { buyer, orderId, paymentId } = alice;

const charging = {
  paymentId,
  orderId,
  status: 'PENDING',
  stage: 'CHARGING',
  amount: 5_000,
  currency: 'KRW',
  version: 2,
  createdAt: '2026-11-23T09:00:05.000Z',
  updatedAt: '2026-11-23T09:00:05.150Z',
  refunded: 0,
  links: paymentLinks(paymentId),
  userId: buyer,
  attempt: 1,
  refundPending: 0,
  entries: [...claimedTimelineExample],
  pendingActions: [
    {
      at: '2026-11-23T09:00:50.150Z',
      detail: 'the PG answers its charger; without an answer it is UNKNOWN, and inquired about',
    },
  ],
} satisfies OperatorTimelineBody;

export const operation: Operation = {
  tag: 'Operators',
  summary: 'Explain a payment',
  description:
    'Of any buyer: all that its own timeline tells, and besides what each listener did, reviews and decisions, what was seen and moved nothing, and which of all that is still due.',
  responses: { 200: { description: 'The whole story so far.', schema: operatorTimeline } },
  problems: ['payment-not-found'],
  examples: {
    charging: {
      summary: 'A payment that the payment gateway is at',
      fixture: 'charging',
      path: { paymentId },
      response: { status: 200, body: charging },
    },
    missing: {
      summary: 'A payment that never was',
      fixture: 'shop',
      path: { paymentId },
      response: rejectionExample(`/operator/payments/${paymentId}/timeline`, {
        code: 'payment-not-found',
        detail: `There is no payment "${paymentId}".`,
      }),
    },
  },
};
