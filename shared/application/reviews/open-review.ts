import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Review } from '../../domain/reviews/review.ts';
import { commit } from '../../persistence/dynamodb/transaction.ts';
import type { Payments } from '../../persistence/payment-repository.ts';
import type { Refunds } from '../../persistence/refund-repository.ts';
import type { Reviews } from '../../persistence/review-repository.ts';

interface Stores {
  readonly db: DynamoDBDocumentClient;
  readonly payments: Pick<Payments, 'noLongerDue'>;
  readonly refunds: Pick<Refunds, 'noLongerDue'>;
  readonly reviews: Pick<Reviews, 'open'>;
}

/** Opened; or opened before; or there is nothing to decide any more. */
export type OpenedReview = 'opened' | 'opened before' | 'overtaken';

/**
 * Stores a review, once, and only while its payment or refund waits for it in the very version that it is about. So whoever ends that
 * wait later finds the review there to be closed, or knows that it will never be. With the review, the wait leaves the index of what is
 * due: until then the sweeper publishes the event again.
 */
export const openReviewIn =
  ({ db, payments, refunds, reviews }: Stores) =>
  async (review: Review): Promise<OpenedReview> => {
    const { kind, paymentId, refundId = '', version } = review;
    const listed =
      kind === 'refund'
        ? refunds.noLongerDue({ refundId, version, status: 'UNDER_REVIEW' })
        : payments.noLongerDue({ paymentId, version, status: 'IN_REVIEW' });
    const rest = { write: listed, refused: (): OpenedReview => 'overtaken' };
    const [obstacle = 'opened'] = await commit<OpenedReview>(db, [
      { write: reviews.open(review), refused: () => 'opened before' },
      rest,
    ]);
    if (obstacle === 'opened before') await commit(db, [rest]);

    return obstacle;
  };
