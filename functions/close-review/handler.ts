import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  type DomainEvent,
  type subscriptions,
  versionOf,
} from '../../shared/domain/events/domain-event.ts';
import { reviewIdOf } from '../../shared/domain/ids.ts';
import type { Decision } from '../../shared/domain/reviews/review.ts';
import type { Done } from '../../shared/lambda/sqs-handler.ts';
import { commit } from '../../shared/persistence/dynamodb/transaction.ts';
import type { Reviews } from '../../shared/persistence/review-repository.ts';

type Heard = (typeof subscriptions)['close-review'][number];

interface Dependencies {
  readonly db: DynamoDBDocumentClient;
  readonly reviews: Pick<Reviews, 'resolve'>;
}

const ends: Readonly<Record<Heard, Decision>> = {
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
  async (event: DomainEvent<Heard>): Promise<Done> => {
    const { subject, name, time: at, data } = event;
    // Under review it has one version, and the move that ends it makes the next.
    const reviewId = reviewIdOf(subject, versionOf(event) - 1);
    const reason = `It went on by itself: ${name}.`;
    const resolution = { at, by: 'close-review', decision: ends[name], reason };
    const [outcome = 'closed'] = await commit(db, [
      { write: reviews.resolve(reviewId, resolution), refused: () => 'nothing to close' },
    ]);

    return { outcome, reviewId, paymentId: data.paymentId };
  };
