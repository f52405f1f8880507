import type { Database } from '../../config/platform.ts';
import { ServiceUnavailableError } from '../../domain/errors.ts';
import { deriveDifferenceReviewId } from '../../domain/ids.ts';
import { withRefundedElsewhere } from '../../domain/payments/gateway-observations.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import type { GatewayDifference } from '../../domain/reviews/gateway-difference.ts';
import {
  createDifferenceReview,
  type Resolution,
  type Review,
} from '../../domain/reviews/review.ts';
import { tryCommit } from '../../persistence/dynamodb/transaction.ts';
import type { PaymentRepository } from '../../persistence/payment-repository.ts';
import type { ReviewRepository } from '../../persistence/review-repository.ts';

interface Stores {
  readonly db: Database;
  readonly payments: Pick<PaymentRepository, 'checkUnchanged' | 'updateWrite'>;
  readonly reviews: Pick<ReviewRepository, 'find' | 'insert' | 'markReconciled'>;
}

/** The outcome of a comparison with the gateway. */
export type DifferenceOutcome =
  | 'consistent'
  | 'consistent-again'
  | 'known-difference'
  | 'review-opened'
  | 'version-conflict';

/** The outcome, and the payment after it. */
export interface ReviewedComparison {
  readonly outcome: DifferenceOutcome;
  readonly payment: Payment;
}

interface ComparisonSource {
  readonly at: string;
  /** The function that compared. */
  readonly by: string;
}

/** More differences than one payment should ever have. */
const maxReviews = 100;

const findLatestReview = async (reviews: Pick<ReviewRepository, 'find'>, paymentId: string) => {
  let found: Review | undefined;
  for (let count = 1; count <= maxReviews; count += 1) {
    const reviewId = deriveDifferenceReviewId(paymentId, count);
    const review = await reviews.find(reviewId);
    if (review === undefined) return { found, nextId: reviewId };
    found = review;
  }
  throw new ServiceUnavailableError(
    `Payment ${paymentId} has more than ${maxReviews} gateway differences.`,
  );
};

/**
 * The unbooked gateway refund that an operator has accepted: its difference was resolved and still exists.
 */
export const readAcceptedRefundDifference = async (
  reviews: Pick<ReviewRepository, 'find'>,
  paymentId: string,
): Promise<number> => {
  const { found } = await findLatestReview(reviews, paymentId);
  const isAccepted = found?.status === 'RESOLVED' && found.reconciledAt === undefined;

  return isAccepted ? Math.max(-(found.difference?.amount ?? 0), 0) : 0;
};

/**
 * The reviews of a payment whose ledger and gateway amounts differ. One review is opened for each difference,
 * however often it is found, and closed when the amounts match again. Review ids are numbered, so that only
 * one of two concurrent comparisons opens a review.
 */
export const createDifferenceReviews = ({ db, payments, reviews }: Stores) => {
  const close = ({ status, reviewId }: Review, { at, by }: ComparisonSource, reason: string) => {
    const resolution: Resolution = { at, by, decision: 'completed', reason };

    return reviews.markReconciled(reviewId, at, status === 'OPEN' ? resolution : undefined);
  };

  return {
    /**
     * Opens, closes or keeps the review, and stores on the payment what was refunded elsewhere. The payment must have
     * been read after the gateway's response.
     */
    async record(
      payment: Payment,
      difference: GatewayDifference | undefined,
      source: ComparisonSource,
    ): Promise<ReviewedComparison> {
      const { found, nextId } = await findLatestReview(reviews, payment.paymentId);
      const activeReview = found?.reconciledAt === undefined ? found : undefined;
      if (activeReview?.difference?.amount === difference?.amount) {
        return { outcome: difference === undefined ? 'consistent' : 'known-difference', payment };
      }
      const reason = difference
        ? `Replaced by a new difference: ${nextId}.`
        : 'Gateway and ledger match again.';
      const observed = withRefundedElsewhere(payment, Math.max(-(difference?.amount ?? 0), 0), {
        at: new Date(source.at),
        by: source.by,
      });
      const isWritten = await tryCommit(db, [
        ...(activeReview ? [close(activeReview, source, reason)] : []),
        ...(difference
          ? [
              reviews.insert(
                createDifferenceReview(payment, difference, {
                  reviewId: nextId,
                  openedAt: source.at,
                }),
              ),
            ]
          : []),
        observed ? payments.updateWrite(payment, observed) : payments.checkUnchanged(payment),
      ]);
      if (!isWritten) return { outcome: 'version-conflict', payment };

      return {
        outcome: difference ? 'review-opened' : 'consistent-again',
        payment: observed ?? payment,
      };
    },
  };
};

export type DifferenceReviews = ReturnType<typeof createDifferenceReviews>;
