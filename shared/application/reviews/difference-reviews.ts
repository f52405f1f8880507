import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ServiceUnavailableError } from '../../domain/errors.ts';
import { deriveDifferenceReviewId } from '../../domain/ids.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import type { GatewayDifference } from '../../domain/reviews/gateway-difference.ts';
import {
  createDifferenceReview,
  type Resolution,
  type Review,
} from '../../domain/reviews/review.ts';
import { commit } from '../../persistence/dynamodb/transaction.ts';
import type { PaymentRepository } from '../../persistence/payment-repository.ts';
import type { ReviewRepository } from '../../persistence/review-repository.ts';

interface Stores {
  readonly db: DynamoDBDocumentClient;
  readonly payments: Pick<PaymentRepository, 'checkUnchanged'>;
  readonly reviews: Pick<ReviewRepository, 'find' | 'insert' | 'markAgreed'>;
}

/** What a comparison with the gateway has led to. */
export type DifferenceOutcome =
  | 'consistent'
  | 'consistent-again'
  | 'known-difference'
  | 'review-opened'
  | 'version-conflict';

interface ComparisonSource {
  readonly at: string;
  /** The function that compared. */
  readonly by: string;
}

/** More differences of one payment than anybody looks into. */
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
    `Payment ${paymentId} has more differences than can be told apart.`,
  );
};

/** What was refunded at the gateway and is in no book, as an operator has accepted it: the difference was resolved and still stands. */
export const readAcceptedRefundDifference = async (
  reviews: Pick<ReviewRepository, 'find'>,
  paymentId: string,
): Promise<number> => {
  const { found } = await findLatestReview(reviews, paymentId);
  const isAccepted = found?.status === 'RESOLVED' && found.reconciledAt === undefined;

  return isAccepted ? Math.max(-(found.difference?.amount ?? 0), 0) : 0;
};

/**
 * Keeps the reviews of a payment that the gateway shows otherwise than our books. One is opened for each difference and not for each time
 * that it is seen; it is closed once the two agree again. Their ids are counted, so that of two that see the same difference one opens it.
 */
export const createDifferenceReviews = ({ db, payments, reviews }: Stores) => {
  const close = ({ status, reviewId }: Review, { at, by }: ComparisonSource, reason: string) => {
    const resolution: Resolution = { at, by, decision: 'completed', reason };

    return reviews.markAgreed(reviewId, at, status === 'OPEN' ? resolution : undefined);
  };

  return {
    /** Writes down what was found of a payment as it was read after the gateway's answer. */
    async record(
      payment: Payment,
      difference: GatewayDifference | undefined,
      source: ComparisonSource,
    ): Promise<DifferenceOutcome> {
      const { found, nextId } = await findLatestReview(reviews, payment.paymentId);
      const activeReview = found?.reconciledAt === undefined ? found : undefined;
      if (activeReview?.difference?.amount === difference?.amount) {
        return difference === undefined ? 'consistent' : 'known-difference';
      }
      const reason = difference
        ? `The difference is another one now: ${nextId}.`
        : 'The gateway and the books agree again.';
      const writes = [
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
        payments.checkUnchanged(payment),
      ].map((write) => ({ write, toRejection: () => 'version-conflict' as const }));
      const [conflict] = await commit<DifferenceOutcome>(db, writes);

      return conflict ?? (difference ? 'review-opened' : 'consistent-again');
    },
  };
};

export type DifferenceReviews = ReturnType<typeof createDifferenceReviews>;
