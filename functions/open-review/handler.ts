import type { createOpenReview } from '../../shared/application/reviews/open-review.ts';
import { type DomainEvent, versionOf } from '../../shared/domain/events/domain-event.ts';
import type { SubscribedEventName } from '../../shared/domain/events/subscriptions.ts';
import { deriveReviewId } from '../../shared/domain/ids.ts';
import { reviewFromEvent } from '../../shared/domain/reviews/review.ts';
import type { HandlingResult } from '../../shared/lambda/message-deferral.ts';
import type { ReviewRepository } from '../../shared/persistence/review-repository.ts';

type ReviewEvent = DomainEvent<SubscribedEventName<'open-review'>>;

interface Dependencies {
  readonly open: ReturnType<typeof createOpenReview>;
}

/** Stores a review for a payment or refund that only an operator can decide, if it is still under review. */
export const openReview =
  ({ open }: Dependencies) =>
  async (event: ReviewEvent): Promise<HandlingResult> => {
    const ids = reviewIdsOf(event);
    const outcome = await open(reviewFromEvent(event, ids.reviewId, versionOf(event)));

    return { outcome, ...ids };
  };

/** Reads the review of an event, and returns the result of the delivery that opened it. */
export const findOpened =
  ({ find }: Pick<ReviewRepository, 'find'>) =>
  async (event: ReviewEvent): Promise<HandlingResult | undefined> => {
    const ids = reviewIdsOf(event);

    return (await find(ids.reviewId)) && { outcome: 'opened', ...ids };
  };

const reviewIdsOf = (event: ReviewEvent) => {
  const { paymentId, orderId, code } = event.data;

  return { reviewId: deriveReviewId(event.subject, versionOf(event)), code, paymentId, orderId };
};
