import type { Database } from '../../shared/config/platform.ts';
import {
  type DomainEvent,
  type SubscribedEventName,
  versionOf,
} from '../../shared/domain/events/domain-event.ts';
import { deriveReviewId } from '../../shared/domain/ids.ts';
import type { Decision } from '../../shared/domain/reviews/review.ts';
import type { HandlingResult } from '../../shared/lambda/message-deferral.ts';
import { commit } from '../../shared/persistence/dynamodb/transaction.ts';
import type { ReviewRepository } from '../../shared/persistence/review-repository.ts';

interface Dependencies {
  readonly db: Database;
  readonly reviews: Pick<ReviewRepository, 'resolve'>;
}

const decisionByEvent: Readonly<Record<SubscribedEventName<'close-review'>, Decision>> = {
  PaymentCompleted: 'completed',
  PaymentFailed: 'failed',
  PaymentCompensated: 'failed',
  PaymentReversed: 'reversed',
  RefundCompleted: 'completed',
  RefundFailed: 'failed',
};

/**
 * Closes the review of a payment or refund that left review without an operator. A review that an operator
 * resolved, or that was never stored, stays as it is.
 */
export const closeReview =
  ({ db, reviews }: Dependencies) =>
  async (event: DomainEvent<SubscribedEventName<'close-review'>>): Promise<HandlingResult> => {
    const { subject, name, time: at, data } = event;
    // One version is under review, and the transition that ends the review makes the next one.
    const reviewId = deriveReviewId(subject, versionOf(event) - 1);
    const reason = `Closed by the event ${name}.`;
    const resolution = { at, by: 'close-review', decision: decisionByEvent[name], reason };
    const [outcome = 'closed'] = await commit(db, [
      { write: reviews.resolve(reviewId, resolution), toRejection: () => 'no-open-review' },
    ]);

    return { outcome, reviewId, paymentId: data.paymentId };
  };
