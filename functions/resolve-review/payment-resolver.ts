import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { settleDecidedIn } from '../../shared/application/payments/capture-payment.ts';
import { measureDecision } from '../../shared/application/payments/record-time-to-final-status.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { checkDecision } from '../../shared/domain/reviews/decision-check.ts';
import { decisionsFor } from '../../shared/domain/reviews/review.ts';
import { decided } from '../../shared/domain/reviews/review-decision.ts';
import { type Compensations, missingOf } from '../../shared/persistence/compensation-repository.ts';
import type { Write } from '../../shared/persistence/dynamodb/expressions.ts';
import { commit } from '../../shared/persistence/dynamodb/transaction.ts';
import type { Payments } from '../../shared/persistence/payment-repository.ts';
import type { Reviews } from '../../shared/persistence/review-repository.ts';
import { type Asking, askAboutCharge } from './inquire-gateway.ts';
import type { CaseOf, Written } from './review-resolver.ts';

interface Dependencies extends Asking {
  readonly db: DynamoDBDocumentClient;
  readonly payments: Pick<Payments, 'existing' | 'move'>;
  readonly compensations: Pick<Compensations, 'of'>;
  readonly reviews: Pick<Reviews, 'resolve'>;
  readonly settle: ReturnType<typeof settleDecidedIn>;
}

/** A payment under review. What completes is booked; what failed is compensated by whoever hears of it. */
export const paymentCase = (dependencies: Dependencies): CaseOf => {
  const { db, payments, compensations, reviews, settle, timings } = dependencies;

  const moveWith = async (before: Payment, after: Payment, close: Write): Promise<Written> => {
    const writes = [payments.move(before, after), close];
    const steps = writes.map((write) => ({ write, refused: () => 'superseded' as const }));
    const [refused = 'settled'] = await commit<Written>(db, steps);

    return refused;
  };

  return async (review) => {
    const { reviewId, paymentId } = review;
    const before = await payments.existing(paymentId);
    const missing = missingOf(before, await compensations.of(paymentId));

    return {
      decisions: decisionsFor(review, before, missing),
      async examine(decision) {
        const { found, told, asked, pg } = await askAboutCharge(dependencies, before, decision);

        return {
          check: checkDecision(decision, before, found),
          gateway: told,
          async write(resolution) {
            const after = decided(before, { reviewId, ...resolution }, { asked, pg, timings });
            const close = reviews.resolve(reviewId, resolution);
            const written =
              decision === 'completed'
                ? await settle(before, after, [close])
                : await moveWith(before, after, close);
            if (written === 'settled') measureDecision(before, after);

            return written;
          },
        };
      },
    };
  };
};
