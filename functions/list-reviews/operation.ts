import type * as z from 'zod';
import { rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { pageOf } from '../../shared/http/schemas/fields.ts';
import { reviewSchema } from '../../shared/http/schemas/review.ts';
import { openReviewExample } from '../../shared/http/schemas/review-example.ts';
import { listReviewsQuery } from './request.ts';

const page = pageOf(reviewSchema).meta({ id: 'ReviewPage' });

export type ReviewPageBody = z.infer<typeof page>;

export const operation: Operation = {
  tag: 'Operators',
  summary: 'List reviews',
  description:
    'What waits for a decision: the longest open first, or with `by=amount` the most money at risk first. With `status=RESOLVED` what was decided, the newest first.',
  query: listReviewsQuery,
  responses: { 200: { description: 'One page.', schema: page } },
  examples: {
    open: {
      summary: 'What waits for a decision',
      fixture: 'reviewed',
      hasSharedData: true,
      response: { status: 200, body: { items: [openReviewExample] } satisfies ReviewPageBody },
    },
    notUnderstood: {
      summary: 'A cursor of another list',
      fixture: 'shop',
      query: { cursor: 'from-elsewhere' },
      response: rejectionExample('/operator/reviews', {
        code: 'invalid-request',
        detail: 'The request has faults.',
        errors: [{ parameter: 'cursor', detail: 'This is no nextCursor of this list.' }],
      }),
    },
  },
};
