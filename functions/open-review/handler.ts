import type { createOpenReview } from '../../shared/application/reviews/open-review.ts';
import {
  type DomainEvent,
  type SubscribedEventName,
  versionOf,
} from '../../shared/domain/events/domain-event.ts';
import { deriveReviewId } from '../../shared/domain/ids.ts';
import { reviewFromEvent } from '../../shared/domain/reviews/review.ts';
import type { HandlingResult } from '../../shared/lambda/message-deferral.ts';

interface Dependencies {
  readonly open: ReturnType<typeof createOpenReview>;
}

/** Stores a review for a payment or refund that only an operator can decide, if it is still under review. */
export const openReview =
  ({ open }: Dependencies) =>
  async (event: DomainEvent<SubscribedEventName<'open-review'>>): Promise<HandlingResult> => {
    const version = versionOf(event);
    const reviewId = deriveReviewId(event.subject, version);
    const { paymentId, orderId, code } = event.data;

    const outcome = await open(reviewFromEvent(event, reviewId, version));

    return { outcome, reviewId, code, paymentId, orderId };
  };
