import type { Decision, Review } from '../../shared/domain/reviews/review.ts';
import { reviewBody } from '../../shared/http/review-body.ts';
import type { AwaitingApprovalBody, PlannedResolutionBody } from './operation.ts';
import type { PlannedResolution } from './resolve.ts';

/** What a decision would move. */
export const plannedResolutionBody = (
  { review, moves, gateway, needsSecondPerson, closesCharge, observed }: PlannedResolution,
  decision: Decision,
): PlannedResolutionBody => ({
  dryRun: true,
  reviewId: review.reviewId,
  paymentId: review.paymentId,
  decision,
  currency: review.currency,
  needsSecondPerson,
  moves: [...moves],
  gateway: { ...gateway, closesCharge, ...(observed !== undefined && { observed }) },
});

/** A review whose decision waits for a second person. */
export const awaitingApprovalBody = (review: Review): AwaitingApprovalBody => ({
  ...reviewBody(review),
  outcome: 'awaiting-approval',
});
