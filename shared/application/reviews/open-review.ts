import type { Database } from '../../config/platform.ts';
import type { Review } from '../../domain/reviews/review.ts';
import { commit } from '../../persistence/dynamodb/transaction.ts';
import type { PaymentRepository } from '../../persistence/payment-repository.ts';
import type { RefundRepository } from '../../persistence/refund-repository.ts';
import type { ReviewRepository } from '../../persistence/review-repository.ts';

interface Stores {
  readonly db: Database;
  readonly payments: Pick<PaymentRepository, 'removeDueWrite'>;
  readonly refunds: Pick<RefundRepository, 'removeDueWrite'>;
  readonly reviews: Pick<ReviewRepository, 'insert'>;
}

/** `duplicate`: the review exists already. `version-conflict`: there is nothing to decide anymore. */
export type OpenReviewResult = 'opened' | 'duplicate' | 'version-conflict';

/**
 * Stores a review once, and only if its payment or refund is still under review in the version that the
 * review is about. A later writer that ends this state finds the review to close, or knows that it will never
 * exist.
 *
 * The same transaction removes the payment or refund from the index `byDue`. Until then, the sweeper
 * publishes the event again.
 */
export const createOpenReview =
  ({ db, payments, refunds, reviews }: Stores) =>
  async (review: Review): Promise<OpenReviewResult> => {
    const { kind, paymentId, refundId = '', version } = review;
    const dueWrite =
      kind === 'refund'
        ? refunds.removeDueWrite({ refundId, version, status: 'UNDER_REVIEW' })
        : payments.removeDueWrite({ paymentId, version, status: 'IN_REVIEW' });
    const removeDue = { write: dueWrite, toRejection: (): OpenReviewResult => 'version-conflict' };
    const [conflict = 'opened'] = await commit<OpenReviewResult>(db, [
      { write: reviews.insert(review), toRejection: () => 'duplicate' },
      removeDue,
    ]);
    if (conflict === 'duplicate') await commit(db, [removeDue]);

    return conflict;
  };
