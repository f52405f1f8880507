import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { type ReviewBody, reviewSchema } from '../../shared/http/schemas/review.ts';
import { openReviewExample } from '../../shared/http/schemas/review-example.ts';
import { resolveReviewSchema } from './request.ts';

const { reviewId } = alice;
const path = { reviewId };
const reason = 'The gateway has refunded the 5,001 won, ticket 4711.';

const failed = {
  ...openReviewExample,
  status: 'RESOLVED',
  decision: 'failed',
  audit: [
    {
      at: '2026-11-23T09:30:00.000Z',
      by: 'olivia',
      decision: 'failed',
      reason,
      gateway: 'txn_0d5c6a3c: captured 5001 KRW, refunded 5001',
    },
  ],
} satisfies ReviewBody;

export const operation: Operation = {
  tag: 'Operators',
  summary: 'Resolve a review',
  description:
    'Makes the decision so, in one transaction: `completed` books what was held as paid, `failed` starts the compensation of what is still held, `reversed` ends what was given back at the payment gateway. The gateway is asked first: a decision that contradicts what it says, or what is stored, is 409 `decision-not-allowed`, and its detail says what the gateway has and what to do. Where the gateway gives no conclusive answer, nothing is decided: 503 `temporarily-unavailable`, with `Retry-After`. The same decision again is answered alike; what may be decided by what is stored says the review.',
  body: resolveReviewSchema,
  responses: { 200: { description: 'The review, resolved.', schema: reviewSchema } },
  problems: ['review-not-found', 'decision-not-allowed'],
  examples: {
    failed: {
      summary: 'It is not paid, and everything is given back',
      fixture: 'reviewed',
      path,
      body: { decision: 'failed', reason },
      response: { status: 200, body: failed },
    },
    contradicted: {
      summary: 'A decision that the gateway contradicts: it has refunded all of it',
      fixture: 'reviewed',
      path,
      body: { decision: 'completed', reason },
      response: rejectionExample(`/operator/reviews/${reviewId}/resolve`, {
        code: 'decision-not-allowed',
        detail:
          'The gateway has captured 5001 KRW and refunded 5001: 0 is left, and 5000 should be. To go on, resolve as failed.',
      }),
    },
    notAllowed: {
      summary: 'A decision that would not be true: the money is still held',
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
