import * as z from 'zod';
import { timelineKinds } from '../../shared/domain/timeline/timeline-entry.ts';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { pendingActionsSchema, timelineEntrySchema } from '../../shared/http/schemas/timeline.ts';
import { claimedTimelineExample } from '../../shared/http/schemas/timeline-example.ts';

const timeline = z
  .strictObject({
    entries: z
      .array(timelineEntrySchema(timelineKinds))
      .readonly()
      .meta({ description: 'The entries, oldest first.' }),
    pendingActions: pendingActionsSchema,
  })
  .meta({ id: 'Timeline', description: 'The timeline of a payment.' });

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
  summary: "Get a payment's timeline",
  description:
    'Returns the transitions, gateway calls, events, compensations and refunds of a payment in order of time, and its pending actions. Entries of refunds are eventually consistent.',
  responses: { 200: { description: 'The timeline.', schema: timeline } },
  problems: ['payment-not-found'],
  examples: {
    completed: {
      summary: 'Completed payment',
      fixture: 'completed',
      path: { paymentId },
      response: { status: 200, body: completed },
    },
    notFound: {
      summary: 'Unknown payment, or a payment of another buyer',
      fixture: 'shop',
      path: { paymentId },
      response: rejectionExample(`/payments/${paymentId}/timeline`, {
        code: 'payment-not-found',
        detail: `You have no payment "${paymentId}".`,
      }),
    },
  },
};
