import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Compensations, missingOf } from '../../shared/data/compensations.ts';
import type { Payments } from '../../shared/data/payments.ts';
import type { Reviews } from '../../shared/data/reviews.ts';
import type { Settled, settleIn } from '../../shared/data/settle.ts';
import { commit } from '../../shared/data/transaction.ts';
import { decided } from '../../shared/domain/decide.ts';
import { decisionsFor } from '../../shared/domain/review.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { CaseOf } from './case.ts';

interface Dependencies {
  readonly db: DynamoDBDocumentClient;
  readonly payments: Pick<Payments, 'existing' | 'move'>;
  readonly compensations: Pick<Compensations, 'of'>;
  readonly reviews: Pick<Reviews, 'resolve'>;
  readonly settle: ReturnType<typeof settleIn>;
  readonly timings: Timings;
}

/** A payment under review. What completes is booked; what failed is compensated by whoever hears of it. */
export const paymentCase =
  ({ db, payments, compensations, reviews, settle, timings }: Dependencies): CaseOf =>
  async (review) => {
    const { reviewId, paymentId } = review;
    const before = await payments.existing(paymentId);
    const missing = missingOf(before, await compensations.of(paymentId));

    return {
      decisions: decisionsFor(review, before, missing),
      async write(resolution) {
        const after = decided(before, { reviewId, ...resolution }, timings);
        const close = reviews.resolve(reviewId, resolution);
        if (resolution.decision === 'completed') return settle(before, after, [close]);
        const [refused = 'settled'] = await commit<Settled>(
          db,
          [payments.move(before, after), close].map((write) => ({
            write,
            refused: () => 'superseded',
          })),
        );

        return refused;
      },
    };
  };
