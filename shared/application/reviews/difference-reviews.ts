import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Outage } from '../../domain/errors.ts';
import { differenceReviewIdOf } from '../../domain/ids.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import type { GatewayDifference } from '../../domain/reviews/gateway-difference.ts';
import { differenceReview, type Resolution, type Review } from '../../domain/reviews/review.ts';
import { commit } from '../../persistence/dynamodb/transaction.ts';
import type { Payments } from '../../persistence/payment-repository.ts';
import type { Reviews } from '../../persistence/review-repository.ts';

interface Stores {
  readonly db: DynamoDBDocumentClient;
  readonly payments: Pick<Payments, 'unmoved'>;
  readonly reviews: Pick<Reviews, 'find' | 'open' | 'agreed'>;
}

/** What a comparison with the gateway has led to. */
export type Compared = 'agrees' | 'agrees again' | 'known' | 'review opened' | 'overtaken';

interface Seen {
  readonly at: string;
  /** The function that compared. */
  readonly by: string;
}

/** More differences of one payment than anybody looks into. */
const mostReviews = 100;

const latestIn = async (reviews: Pick<Reviews, 'find'>, paymentId: string) => {
  let found: Review | undefined;
  for (let count = 1; count <= mostReviews; count += 1) {
    const reviewId = differenceReviewIdOf(paymentId, count);
    const review = await reviews.find(reviewId);
    if (review === undefined) return { found, nextId: reviewId };
    found = review;
  }
  throw new Outage(`Payment ${paymentId} has more differences than can be told apart.`);
};

/** What was refunded at the gateway and is in no book, as an operator has accepted it: the difference was resolved and still stands. */
export const acceptedUnbookedIn = async (
  reviews: Pick<Reviews, 'find'>,
  paymentId: string,
): Promise<number> => {
  const { found } = await latestIn(reviews, paymentId);
  const isAccepted = found?.status === 'RESOLVED' && found.agreedAt === undefined;

  return isAccepted ? Math.max(-(found.difference?.amount ?? 0), 0) : 0;
};

/**
 * Keeps the reviews of a payment that the gateway shows otherwise than our books. One is opened for each difference and not for each time
 * that it is seen; it is closed once the two agree again. Their ids are counted, so that of two that see the same difference one opens it.
 */
export const differenceReviewsIn = ({ db, payments, reviews }: Stores) => {
  const close = ({ status, reviewId }: Review, { at, by }: Seen, reason: string) => {
    const resolution: Resolution = { at, by, decision: 'completed', reason };

    return reviews.agreed(reviewId, at, status === 'OPEN' ? resolution : undefined);
  };

  return {
    /** Writes down what was found of a payment as it was read after the gateway's answer. */
    async record(
      payment: Payment,
      difference: GatewayDifference | undefined,
      seen: Seen,
    ): Promise<Compared> {
      const { found, nextId } = await latestIn(reviews, payment.paymentId);
      const standing = found?.agreedAt === undefined ? found : undefined;
      if (standing?.difference?.amount === difference?.amount) {
        return difference === undefined ? 'agrees' : 'known';
      }
      const reason = difference
        ? `The difference is another one now: ${nextId}.`
        : 'The gateway and the books agree again.';
      const steps = [
        ...(standing ? [close(standing, seen, reason)] : []),
        ...(difference
          ? [
              reviews.open(
                differenceReview(payment, difference, { reviewId: nextId, openedAt: seen.at }),
              ),
            ]
          : []),
        payments.unmoved(payment),
      ].map((write) => ({ write, refused: () => 'overtaken' as const }));
      const [refused] = await commit<Compared>(db, steps);

      return refused ?? (difference ? 'review opened' : 'agrees again');
    },
  };
};

export type DifferenceReviews = ReturnType<typeof differenceReviewsIn>;
