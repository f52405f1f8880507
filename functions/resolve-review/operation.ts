import * as z from 'zod';
import { books } from '../../shared/domain/reviews/resolution-plan.ts';
import { skipCauses } from '../../shared/domain/skipped-booking.ts';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { amountOf, currency, idOf } from '../../shared/http/schemas/fields.ts';
import { decisionSchema, type ReviewBody, reviewSchema } from '../../shared/http/schemas/review.ts';
import { openReviewExample } from '../../shared/http/schemas/review-example.ts';
import { resolveReviewSchema } from './request.ts';

const moveSchema = z.strictObject({
  book: z.enum(books).meta({ description: 'What changes.' }),
  id: z.string().meta({
    description: 'The buyer of a balance or of points, the SKU, the order or the coupon.',
  }),
  from: z.string().meta({ description: 'Column or status before.' }),
  to: z.string().meta({ description: 'Column or status after.' }),
  quantity: z.int().nonnegative().meta({
    description: 'Minor units of money, units of stock, or points; 0 for an order or a coupon.',
  }),
  when: z.enum(['decision', 'afterwards']).meta({
    description:
      'decision: in the transaction of the decision. afterwards: by a function that follows.',
  }),
  skipped: z.enum(skipCauses).optional().meta({
    description: 'Present if the item does not allow the move: it is recorded and left out.',
  }),
});

const plannedSchema = z
  .strictObject({
    dryRun: z.literal(true).meta({ description: 'Nothing has changed.' }),
    reviewId: idOf('review'),
    paymentId: idOf('payment'),
    decision: decisionSchema,
    currency,
    needsSecondPerson: z
      .boolean()
      .meta({ description: 'Whether the decision needs the approval of a second person.' }),
    moves: z.array(moveSchema).meta({ description: 'What the decision would move in the books.' }),
    gateway: z
      .strictObject({
        charge: amountOf('Amount charged by the decision'),
        refund: amountOf('Amount that the service refunds at the gateway afterwards'),
        closesCharge: z.boolean().meta({
          description: 'Whether the decision first cancels the charge at the gateway.',
        }),
        observed: z.string().optional().meta({ description: 'What the gateway returned now.' }),
      })
      .meta({ description: 'What the decision would do at the gateway.' }),
  })
  .meta({ id: 'PlannedResolution', description: 'What a decision would move.' });

export type PlannedResolutionBody = z.infer<typeof plannedSchema>;

const awaitingApproval = reviewSchema
  .extend({
    outcome: z.literal('awaiting-approval').meta({
      description: 'Another person must send the same decision.',
    }),
  })
  .meta({ id: 'AwaitingApproval', description: 'A review whose decision is proposed.' });

export type AwaitingApprovalBody = z.infer<typeof awaitingApproval>;

const { reviewId, paymentId, orderId, buyer, sku, couponId } = alice;
const path = { reviewId };
const reason = 'The gateway has refunded the 3,001 won, ticket 4711.';
const gateway = 'txn_0d5c6a3c: captured 3001 KRW, refunded 3001';

const decided = {
  at: '2026-11-23T09:30:00.000Z',
  by: 'olivia',
  name: 'olivia@operators.example',
  scope: 'aftercommit/operator',
  decision: 'failed',
  reason,
} as const;

const failed = {
  ...openReviewExample,
  status: 'RESOLVED',
  decision: 'failed',
  audit: [{ ...decided, gateway }],
} satisfies ReviewBody;

const proposed = {
  ...openReviewExample,
  outcome: 'awaiting-approval',
  proposal: decided,
} satisfies AwaitingApprovalBody;

const planned = {
  dryRun: true,
  ...{ reviewId, paymentId, decision: 'failed', currency: 'KRW', needsSecondPerson: false },
  moves: [
    { book: 'balance', id: buyer, from: 'held', to: 'available', quantity: 2_000 },
    { book: 'stock', id: sku, from: 'reserved', to: 'available', quantity: 2 },
    { book: 'order', id: orderId, from: 'PAYING', to: 'CANCELLED', quantity: 0 },
    { book: 'coupon', id: couponId, from: 'USED', to: 'AVAILABLE', quantity: 0 },
  ].map((move) => ({ ...move, when: 'afterwards' })),
  gateway: {
    charge: 0,
    refund: 0,
    closesCharge: false,
    observed: gateway,
  },
};

export const operation: Operation = {
  tag: 'Operators',
  summary: 'Resolve a review',
  description:
    'Applies the decision in one transaction, after an inquiry at the gateway. A decision that contradicts the gateway or the stored state is rejected with `decision-not-allowed`; `detail` names the allowed ones. ' +
    'If the gateway gives no conclusive answer, the response is 503 `temporarily-unavailable`. ' +
    'With `dryRun` nothing changes: the response shows what would move, or the rejection of the decision. ' +
    'Above the approval amount of the deployment, the first response is 202: the decision is applied when another person sends it too. A different decision replaces the proposal. If the payment, the books or the gateway have changed, it must be proposed again.',
  body: resolveReviewSchema,
  responses: {
    200: {
      description: 'The resolved review; of a dry run, what the decision would move.',
      schema: z.union([reviewSchema, plannedSchema]),
    },
    202: { description: 'The decision waits for a second person.', schema: awaitingApproval },
  },
  problems: ['review-not-found', 'decision-not-allowed', 'second-person-required'],
  examples: {
    failed: {
      summary: 'Resolved as failed',
      fixture: 'reviewed',
      path,
      body: { decision: 'failed', reason },
      response: { status: 200, body: failed },
    },
    dryRun: {
      summary: 'Dry run',
      fixture: 'reviewed',
      path,
      body: { decision: 'failed', reason, dryRun: true },
      response: { status: 200, body: planned },
    },
    awaitingApproval: {
      summary: 'Proposed, above the approval amount',
      fixture: 'reviewed',
      needsSetting: 'reviewApprovalAmount',
      path,
      body: { decision: 'failed', reason },
      response: { status: 202, body: proposed },
    },
    contradicted: {
      summary: 'The gateway contradicts the decision',
      fixture: 'reviewed',
      path,
      body: { decision: 'completed', reason },
      response: rejectionExample(`/operator/reviews/${reviewId}/resolve`, {
        code: 'decision-not-allowed',
        detail:
          'The gateway has captured 3001 KRW and refunded 3001: 0 remains, but 3000 is expected. To continue, resolve as failed.',
      }),
    },
    notAllowed: {
      summary: 'The stored state does not allow the decision',
      fixture: 'reviewed',
      path,
      body: { decision: 'reversed', reason },
      response: rejectionExample(`/operator/reviews/${reviewId}/resolve`, {
        code: 'decision-not-allowed',
        detail: 'Allowed decisions: completed, failed.',
      }),
    },
  },
};
