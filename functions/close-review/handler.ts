import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
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
  readonly db: DynamoDBDocumentClient;
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

/** Takes off the operators' list what went on without them. What one of them decided, or what was never listed, is left alone. */
export const closeReview =
  ({ db, reviews }: Dependencies) =>
  async (event: DomainEvent<SubscribedEventName<'close-review'>>): Promise<HandlingResult> => {
    const { subject, name, time: at, data } = event;
    // Under review it has one version, and the move that ends it makes the next.
    const reviewId = deriveReviewId(subject, versionOf(event) - 1);
    const reason = `It went on by itself: ${name}.`;
    const resolution = { at, by: 'close-review', decision: decisionByEvent[name], reason };
    const [outcome = 'closed'] = await commit(db, [
      { write: reviews.resolve(reviewId, resolution), toRejection: () => 'no-open-review' },
    ]);

    return { outcome, reviewId, paymentId: data.paymentId };
  };
