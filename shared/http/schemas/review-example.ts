import { alice } from '../examples.ts';
import { reviewLinks } from '../review-body.ts';
import type { ReviewBody } from './review.ts';

const { reviewId, paymentId, orderId, buyer } = alice;

/** A review of a payment for which the gateway approved one won too many. */
export const openReviewExample = {
  reviewId,
  kind: 'payment',
  paymentId,
  orderId,
  userId: buyer,
  code: 'pg-mismatch',
  amountAtRisk: 5_000,
  currency: 'KRW',
  status: 'OPEN',
  openedAt: '2026-11-23T09:00:05.420Z',
  audit: [],
  links: reviewLinks(reviewId),
} satisfies ReviewBody;
