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
      name: 'olivia@operators.example',
      scope: 'aftercommit/operator',
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
    'Applies the decision in one transaction, after an inquiry at the gateway. A decision that contradicts the gateway or the stored state is rejected with `decision-not-allowed`; `detail` names the allowed ones. ' +
    'If the gateway gives no conclusive answer, the response is 503 `temporarily-unavailable`.',
  body: resolveReviewSchema,
  responses: { 200: { description: 'The resolved review.', schema: reviewSchema } },
  problems: ['review-not-found', 'decision-not-allowed'],
  examples: {
    failed: {
      summary: 'Resolved as failed',
      fixture: 'reviewed',
      path,
      body: { decision: 'failed', reason },
      response: { status: 200, body: failed },
    },
    contradicted: {
      summary: 'The gateway contradicts the decision',
      fixture: 'reviewed',
      path,
      body: { decision: 'completed', reason },
      response: rejectionExample(`/operator/reviews/${reviewId}/resolve`, {
        code: 'decision-not-allowed',
        detail:
          'The gateway has captured 5001 KRW and refunded 5001: 0 remains, but 5000 is expected. To continue, resolve as failed.',
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
