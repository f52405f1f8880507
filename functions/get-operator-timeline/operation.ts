import * as z from 'zod';
import { innerKinds, timelineKinds } from '../../shared/domain/timeline/timeline-entry.ts';
import { alice, refusedAt } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { paymentLinks } from '../../shared/http/payment-body.ts';
import { minorUnits } from '../../shared/http/schemas/fields.ts';
import { paymentSchema } from '../../shared/http/schemas/payment.ts';
import { stillDue, timelineEntry } from '../../shared/http/schemas/timeline.ts';
import { untilClaimed } from '../../shared/http/schemas/timeline-example.ts';

const explanation = paymentSchema
  .extend({
    userId: z.string(),
    attempt: z.int().nonnegative(),
    refundPending: minorUnits,
    traceId: z.string().optional().meta({ description: 'By which its log lines are found.' }),
    entries: z.array(timelineEntry([...timelineKinds, ...innerKinds])).readonly(),
    due: stillDue,
  })
  .meta({ id: 'ExplainedPayment', description: 'A payment with its whole story.' });

export type ExplanationBody = z.infer<typeof explanation>;

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
  entries: [...untilClaimed],
  due: [
    {
      at: '2026-11-23T09:00:50.150Z',
      detail: 'the PG answers its charger; without an answer it is UNKNOWN, and inquired about',
    },
  ],
} satisfies ExplanationBody;

export const operation: Operation = {
  tag: 'Operators',
  summary: 'Explain a payment',
  description:
    'Of any buyer: all that its own timeline tells, and besides what each listener did, reviews and decisions, what was seen and moved nothing, and which of all that is still due.',
  answers: { 200: { description: 'The whole story so far.', schema: explanation } },
  refusals: ['payment-not-found'],
  examples: {
    charging: {
      summary: 'A payment that the payment gateway is at',
      given: 'charging',
      path: { paymentId },
      answer: { status: 200, body: charging },
    },
    missing: {
      summary: 'A payment that never was',
      given: 'shop',
      path: { paymentId },
      answer: refusedAt(`/operator/payments/${paymentId}/timeline`, {
        code: 'payment-not-found',
        detail: `There is no payment "${paymentId}".`,
      }),
    },
  },
};
