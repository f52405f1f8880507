import * as z from 'zod';
import { timelineKinds } from '../../shared/domain/timeline/timeline-entry.ts';
import { alice, refusedAt } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { stillDue, timelineEntry } from '../../shared/http/schemas/timeline.ts';
import { untilClaimed } from '../../shared/http/schemas/timeline-example.ts';

const timeline = z
  .strictObject({
    entries: z.array(timelineEntry(timelineKinds)).readonly(),
    due: stillDue,
  })
  .meta({ id: 'Timeline' });

export type TimelineBody = z.infer<typeof timeline>;

const { paymentId } = alice;

const completed = {
  entries: [
    ...untilClaimed,
    {
      at: '2026-11-23T09:00:05.420Z',
      sinceAcceptMs: 420,
      kind: 'charge',
      from: 'CHARGING',
      to: 'COMPLETED',
      detail: 'approved as txn_7c0f3b9e4d2a',
      asked: [{ operation: 'charge', outcome: 'approved', tookMs: 240 }],
    },
    {
      at: '2026-11-23T09:00:05.420Z',
      sinceAcceptMs: 420,
      kind: 'event',
      detail: 'PaymentCompleted',
      eventId: `${paymentId}-3`,
    },
  ],
  due: [],
} satisfies TimelineBody;

export const operation: Operation = {
  tag: 'Payments',
  summary: 'See what happened to a payment',
  description:
    "The buyer's own: each of its moves, what the payment gateway was asked for them and how long it took, the events that told of them, what was undone and what was refunded, in order of time; and what is still due. Of a refund that has just moved it may be a moment behind.",
  answers: { 200: { description: 'All that happened so far.', schema: timeline } },
  refusals: ['payment-not-found'],
  examples: {
    completed: {
      summary: 'A payment that was charged at once',
      given: 'completed',
      path: { paymentId },
      answer: { status: 200, body: completed },
    },
    missing: {
      summary: 'A payment that never was, or is not yours',
      given: 'shop',
      path: { paymentId },
      answer: refusedAt(`/payments/${paymentId}/timeline`, {
        code: 'payment-not-found',
        detail: `There is no payment "${paymentId}" of yours.`,
      }),
    },
  },
};
