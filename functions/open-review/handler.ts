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

/** Puts what only a person can decide on the operators' list, as long as it is to be decided. */
export const openReview =
  ({ open }: Dependencies) =>
  async (event: DomainEvent<SubscribedEventName<'open-review'>>): Promise<HandlingResult> => {
    const version = versionOf(event);
    const reviewId = deriveReviewId(event.subject, version);
    const { paymentId, orderId, code } = event.data;

    const outcome = await open(reviewFromEvent(event, reviewId, version));

    return { outcome, reviewId, code, paymentId, orderId };
  };
