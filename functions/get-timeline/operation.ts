import * as z from 'zod';
import { timelineKinds } from '../../shared/domain/timeline/timeline-entry.ts';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { pendingActionsSchema, timelineEntrySchema } from '../../shared/http/schemas/timeline.ts';
import { claimedTimelineExample } from '../../shared/http/schemas/timeline-example.ts';

const timeline = z
  .strictObject({
    entries: z.array(timelineEntrySchema(timelineKinds)).readonly(),
    pendingActions: pendingActionsSchema,
  })
  .meta({ id: 'Timeline' });

export type TimelineBody = z.infer<typeof timeline>;

const { paymentId } = alice;

const completed = {
  entries: [
    ...claimedTimelineExample,
    {
      at: '2026-11-23T09:00:05.420Z',
      sinceAcceptMs: 420,
      kind: 'charge',
      from: 'CHARGING',
      to: 'COMPLETED',
      detail: 'approved as txn_7c0f3b9e4d2a',
      gatewayCalls: [{ operation: 'charge', outcome: 'approved', durationMs: 240 }],
    },
    {
      at: '2026-11-23T09:00:05.420Z',
      sinceAcceptMs: 420,
      kind: 'event',
      detail: 'PaymentCompleted',
      eventId: `${paymentId}-3`,
    },
  ],
  pendingActions: [],
} satisfies TimelineBody;

export const operation: Operation = {
  tag: 'Payments',
  summary: 'See what happened to a payment',
  description:
    "The buyer's own: each of its moves, what the payment gateway was asked for them and how long it took, the events that told of them, what was undone and what was refunded, in order of time; and what is still due. Of a refund that has just moved it may be a moment behind.",
  responses: { 200: { description: 'All that happened so far.', schema: timeline } },
  problems: ['payment-not-found'],
  examples: {
    completed: {
      summary: 'A payment that was charged at once',
      fixture: 'completed',
      path: { paymentId },
      response: { status: 200, body: completed },
    },
    missing: {
      summary: 'A payment that never was, or is not yours',
      fixture: 'shop',
      path: { paymentId },
      response: rejectionExample(`/payments/${paymentId}/timeline`, {
        code: 'payment-not-found',
        detail: `You have no payment "${paymentId}".`,
      }),
    },
  },
};
