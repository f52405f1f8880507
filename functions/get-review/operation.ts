import * as z from 'zod';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { decisionSchema, reviewSchema } from '../../shared/http/schemas/review.ts';
import { openReviewExample } from '../../shared/http/schemas/review-example.ts';
import {
  compensationRecordSchema,
  orderSnapshotSchema,
  paymentSnapshotSchema,
  refundSnapshotSchema,
} from '../../shared/http/schemas/review-snapshots.ts';

const evidence = reviewSchema
  .extend({
    decisions: z.array(decisionSchema).readonly().meta({
      description:
        'Decisions that the stored state allows; empty once resolved. Resolving the review also inquires at the gateway.',
    }),
    payment: paymentSnapshotSchema,
    order: orderSnapshotSchema.optional(),
    compensations: z
      .array(compensationRecordSchema)
      .readonly()
      .meta({ description: 'What the compensation restored.' }),
    refunds: z.array(refundSnapshotSchema).readonly().meta({ description: 'Its refunds.' }),
  })
  .meta({ id: 'ReviewEvidence', description: 'A review with the evidence for its decision.' });

export type ReviewEvidenceBody = z.infer<typeof evidence>;

const { paymentId, reviewId, sku, couponId } = alice;

const mismatch = {
  code: 'pg-mismatch',
  reason: 'The gateway approved a charge that differs from the request.',
  evidence: 'txn_0d5c6a3c: amount: expected 3000, got 3001',
};

const approvedTooMuch = {
  ...openReviewExample,
  decisions: ['completed', 'failed'],
  payment: {
    status: 'IN_REVIEW',
    version: 3,
    amount: 5_000,
    balanceAmount: 2_000,
    gatewayAmount: 3_000,
    currency: 'KRW',
    reservation: { balance: 2_000, lines: [{ sku, quantity: 2 }] },
    attempt: 1,
    failure: mismatch,
    refunded: 0,
    refundPending: 0,
    gatewayRefunded: 0,
    gatewayRefundPending: 0,
    createdAt: '2026-11-23T09:00:05.000Z',
    updatedAt: '2026-11-23T09:00:05.420Z',
    history: [
      { version: 1, at: '2026-11-23T09:00:05.000Z', to: 'RESERVED', by: 'accept-payment' },
      {
        version: 2,
        at: '2026-11-23T09:00:05.150Z',
        from: 'RESERVED',
        to: 'CHARGING',
        by: 'charge-payment',
      },
      {
        version: 3,
        at: '2026-11-23T09:00:05.420Z',
        from: 'CHARGING',
        to: 'IN_REVIEW',
        by: 'charge-payment',
        detail: 'approved with differences: amount: expected 3000, got 3001',
        gatewayCalls: [{ operation: 'charge', outcome: 'mismatch', durationMs: 240 }],
      },
    ],
    evidence: [
      {
        at: '2026-11-23T09:00:06.100Z',
        by: 'inquire-payment',
        detail: 'inquired under review: approved with differences: amount: expected 3000, got 3001',
      },
    ],
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  },
  order: {
    status: 'PAYING',
    lines: [{ sku, quantity: 2, unitPrice: 3_500 }],
    couponId,
    subtotal: 7_000,
    discount: 2_000,
    total: 5_000,
    activePaymentId: paymentId,
    updatedAt: '2026-11-23T09:00:05.000Z',
  },
  compensations: [],
  refunds: [],
} satisfies ReviewEvidenceBody;

export const operation: Operation = {
  tag: 'Operators',
  summary: 'Get a review',
  description:
    'Returns a review with its evidence: the payment and its history, the order, the compensations and the refunds.',
  responses: { 200: { description: 'The review.', schema: evidence } },
  problems: ['review-not-found'],
  examples: {
    open: {
      summary: 'The gateway approved one won too many',
      fixture: 'reviewed',
      path: { reviewId },
      response: { status: 200, body: approvedTooMuch },
    },
    notFound: {
      summary: 'Unknown review',
      fixture: 'order',
      path: { reviewId },
      response: rejectionExample(`/operator/reviews/${reviewId}`, {
        code: 'review-not-found',
        detail: `There is no review "${reviewId}".`,
      }),
    },
  },
};
