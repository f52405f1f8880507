import { pointsSubjectOf } from '../../domain/events/domain-event.ts';
import type { EventNotBuiltError } from '../../domain/events/event-not-built.ts';
import { deriveEventReviewId } from '../../domain/ids.ts';
import type { Review } from '../../domain/reviews/review.ts';
import { reviewFromUnbuiltEvent } from '../../domain/reviews/unbuilt-event-review.ts';
import { logger } from '../../observability/logger.ts';
import { recordMetric } from '../../observability/metrics.ts';
import type { ReviewRepository } from '../../persistence/review-repository.ts';

/** The subject whose version it is: orders and points entries have versions of their own. */
const reviewSubjectOf = (
  { source: { of } }: EventNotBuiltError,
  { paymentId, refundId, orderId }: Omit<Review, 'reviewId'>,
): string => {
  if (of === 'order') return orderId;

  return of === 'points' ? pointsSubjectOf(paymentId) : (refundId ?? paymentId);
};

/**
 * Opens the review of an event that cannot be built, once for each version of its item, and counts and logs
 * it. Returns the review's id, or undefined if the item names no payment.
 */
export const createReviewUnbuiltEvent =
  ({ tryInsert }: Pick<ReviewRepository, 'tryInsert'>) =>
  async (unbuilt: EventNotBuiltError, at: Date): Promise<string | undefined> => {
    const review = reviewFromUnbuiltEvent(unbuilt, at);
    if (review === undefined) return undefined;
    const { paymentId, refundId, version, detail: reason } = review;
    const reviewId = deriveEventReviewId(reviewSubjectOf(unbuilt, review), version);
    if (await tryInsert({ reviewId, ...review })) {
      recordMetric('EventsNotBuilt', 1, {});
      logger.error('event not built', { reviewId, paymentId, refundId, version, reason });
    }

    return reviewId;
  };

export type ReviewUnbuiltEvent = ReturnType<typeof createReviewUnbuiltEvent>;
