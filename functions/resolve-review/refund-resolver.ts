import type {
  failRefundIn,
  settleRefundIn,
} from '../../shared/application/refunds/settle-refund.ts';
import { acceptedUnbookedIn } from '../../shared/application/reviews/difference-reviews.ts';
import { checkRefundDecision } from '../../shared/domain/reviews/decision-check.ts';
import { refundDecisionsFor } from '../../shared/domain/reviews/review.ts';
import { refundDecided } from '../../shared/domain/reviews/review-decision.ts';
import type { Payments } from '../../shared/persistence/payment-repository.ts';
import type { Refunds } from '../../shared/persistence/refund-repository.ts';
import type { Reviews } from '../../shared/persistence/review-repository.ts';
import { type Asking, askAboutRefund } from './inquire-gateway.ts';
import type { CaseOf } from './review-resolver.ts';

interface Dependencies extends Asking {
  readonly payments: Pick<Payments, 'existing'>;
  readonly refunds: Pick<Refunds, 'existing'>;
  readonly reviews: Pick<Reviews, 'resolve' | 'find'>;
  readonly settle: ReturnType<typeof settleRefundIn>;
  readonly fail: ReturnType<typeof failRefundIn>;
}

/** A refund under review: the PG has paid it back and the books follow, or it has not and the money can be refunded again. */
export const refundCase =
  ({ payments, refunds, reviews, settle, fail, ...asking }: Dependencies): CaseOf =>
  async (review) => {
    const { reviewId, paymentId, refundId = '' } = review;
    const refund = await refunds.existing(refundId);

    return {
      decisions: refundDecisionsFor(review, refund),
      async examine(decision) {
        const [payment, accepted] = await Promise.all([
          payments.existing(paymentId),
          acceptedUnbookedIn(reviews, paymentId),
        ]);
        const about = { refund, payment, accepted };
        const { found, told, asked, pg } = await askAboutRefund(asking, about);

        return {
          check: checkRefundDecision(decision, about, found),
          gateway: told,
          async write(resolution) {
            const outcome = refundDecided(refund, { reviewId, ...resolution }, { asked, pg });
            const close = [reviews.resolve(reviewId, resolution)];
            const written =
              decision === 'completed'
                ? await settle(refund, outcome, close)
                : await fail(refund, outcome, close);

            return typeof written === 'object' ? 'settled' : written;
          },
        };
      },
    };
  };
