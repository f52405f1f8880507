import type { Database } from '../../config/platform.ts';
import { deriveDisputeReviewId } from '../../domain/ids.ts';
import { type ObservedDispute, withDispute } from '../../domain/payments/gateway-observations.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import { createDisputeReview, type Resolution } from '../../domain/reviews/review.ts';
import type { Write } from '../../persistence/dynamodb/expressions.ts';
import { tryCommit } from '../../persistence/dynamodb/transaction.ts';
import type { PaymentRepository } from '../../persistence/payment-repository.ts';
import type { ReviewRepository } from '../../persistence/review-repository.ts';

interface Stores {
  readonly db: Database;
  readonly payments: Pick<PaymentRepository, 'updateWrite'>;
  readonly reviews: Pick<ReviewRepository, 'find' | 'insert' | 'resolve'>;
}

interface Step {
  readonly at: Date;
  /** The function that inquired. */
  readonly by: string;
}

/**
 * Stores a dispute that the gateway states on its payment, and opens a review of it: one while the dispute is
 * open, and one for the loss if it is lost. The first is resolved when the dispute is closed.
 */
export const createDisputeReviews = ({ db, payments, reviews }: Stores) => {
  const reviewWrites = async (
    before: Payment,
    after: Payment,
    { at, by }: Step,
  ): Promise<readonly Write[]> => {
    const { dispute } = after;
    if (dispute === undefined) return [];
    const reviewOf = (code: 'disputed' | 'dispute-lost') =>
      createDisputeReview(after, dispute, {
        reviewId: deriveDisputeReviewId(after.paymentId, dispute.id, code),
        openedAt: at.toISOString(),
        code,
      });
    if (dispute.status === 'open') return [reviews.insert(reviewOf('disputed'))];
    const { reviewId } = reviewOf('disputed');
    const opened = await reviews.find(reviewId);
    const resolution: Resolution = {
      at: at.toISOString(),
      by,
      decision: 'completed',
      reason: `The dispute was ${dispute.status}.`,
    };

    return [
      ...(opened?.status === 'OPEN' ? [reviews.resolve(reviewId, resolution)] : []),
      ...(dispute.status === 'lost' && before.dispute?.status !== 'lost'
        ? [reviews.insert(reviewOf('dispute-lost'))]
        : []),
    ];
  };

  return {
    /** Returns the payment with the dispute, or a conflict: then nothing more than a first step was written. */
    async record(
      payment: Payment,
      observed: ObservedDispute | undefined,
      step: Step,
    ): Promise<Payment | 'version-conflict'> {
      if (observed === undefined) return payment;
      let current = payment;
      for (;;) {
        const after = withDispute(current, observed, step);
        if (after === undefined) return current;
        const writes = [
          payments.updateWrite(current, after),
          ...(await reviewWrites(current, after, step)),
        ];
        if (!(await tryCommit(db, writes))) return 'version-conflict';
        current = after;
      }
    },
  };
};

export type DisputeReviews = ReturnType<typeof createDisputeReviews>;
