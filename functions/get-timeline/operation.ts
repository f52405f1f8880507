import * as z from 'zod';
import { timelineKinds } from '../../shared/domain/timeline.ts';
import { alice, refusedAt } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { moment } from '../../shared/http/schemas/fields.ts';
import { paymentStage } from '../../shared/http/schemas/payment.ts';
import { refundStatus } from '../../shared/http/schemas/refund.ts';

const stage = z.union([paymentStage, refundStatus]);

const timeline = z
  .strictObject({
    entries: z
      .array(
        z.strictObject({
          at: moment,
          sinceAcceptMs: z.int(),
          kind: z.enum(timelineKinds),
          from: stage.optional(),
          to: stage.optional(),
          detail: z.string().meta({ description: 'For people; its words may change.' }),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'Timeline' });

export type TimelineBody = z.infer<typeof timeline>;

const { paymentId } = alice;

const completed = {
  entries: [
    {
      at: '2026-11-23T09:00:05.000Z',
      sinceAcceptMs: 0,
      kind: 'accept',
      to: 'RESERVED',
      detail: 'accept committed',
    },
    {
      at: '2026-11-23T09:00:05.000Z',
      sinceAcceptMs: 0,
      kind: 'event',
      detail: 'PaymentReserved',
    },
    {
      at: '2026-11-23T09:00:05.150Z',
      sinceAcceptMs: 150,
      kind: 'claim',
      from: 'RESERVED',
      to: 'CHARGING',
      detail: 'the charger claims',
    },
    {
      at: '2026-11-23T09:00:05.420Z',
      sinceAcceptMs: 420,
      kind: 'charge',
      from: 'CHARGING',
      to: 'COMPLETED',
      detail: 'approved as txn_7c0f3b9e4d2a',
    },
    {
      at: '2026-11-23T09:00:05.420Z',
      sinceAcceptMs: 420,
      kind: 'event',
      detail: 'PaymentCompleted',
    },
  ],
} satisfies TimelineBody;

export const operation: Operation = {
  tag: 'Payments',
  summary: 'See what happened to a payment',
  description:
    "The buyer's own: each of its moves, the events that told of them, what was undone and what was refunded, in order of time. Of a refund that has just moved it may be a moment behind.",
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
