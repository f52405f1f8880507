import type * as z from 'zod';
import { rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { pageOf } from '../../shared/http/schemas/fields.ts';
import { reviewSchema } from '../../shared/http/schemas/review.ts';
import { openReviewExample } from '../../shared/http/schemas/review-example.ts';
import { listReviewsQuery } from './request.ts';

const page = pageOf(reviewSchema).meta({ id: 'ReviewPage', description: 'A page of reviews.' });

export type ReviewPageBody = z.infer<typeof page>;

export const operation: Operation = {
  tag: 'Operators',
  summary: 'List reviews',
  description:
    'Returns open reviews, oldest first, or with `by=amount` the largest amount at risk first. With `status=RESOLVED` it returns resolved reviews, newest first.',
  query: listReviewsQuery,
  responses: { 200: { description: 'A page of reviews.', schema: page } },
  examples: {
    open: {
      summary: 'Open reviews',
      fixture: 'reviewed',
      hasSharedData: true,
      response: { status: 200, body: { items: [openReviewExample] } satisfies ReviewPageBody },
    },
    invalid: {
      summary: 'Cursor of another list',
      fixture: 'shop',
      query: { cursor: 'from-elsewhere' },
      response: rejectionExample('/operator/reviews', {
        code: 'invalid-request',
        detail: 'The request is invalid.',
        errors: [{ parameter: 'cursor', detail: 'This is not a cursor of this list.' }],
      }),
    },
  },
};
