import type { Refunds } from '../../shared/data/refunds.ts';
import type { Reviews } from '../../shared/data/reviews.ts';
import type { failRefundIn, settleRefundIn } from '../../shared/data/settle-refund.ts';
import { refundDecided } from '../../shared/domain/decide.ts';
import { refundDecisionsFor } from '../../shared/domain/review.ts';
import type { CaseOf } from './case.ts';

interface Dependencies {
  readonly refunds: Pick<Refunds, 'existing'>;
  readonly reviews: Pick<Reviews, 'resolve'>;
  readonly settle: ReturnType<typeof settleRefundIn>;
  readonly fail: ReturnType<typeof failRefundIn>;
}

/** A refund under review: the PG has paid it back and the books follow, or it has not and the money can be refunded again. */
export const refundCase =
  ({ refunds, reviews, settle, fail }: Dependencies): CaseOf =>
  async (review) => {
    const { reviewId, refundId = '' } = review;
    const refund = await refunds.existing(refundId);

    return {
      decisions: refundDecisionsFor(review, refund),
      async write(resolution) {
        const outcome = refundDecided(refund, { reviewId, ...resolution });
        const close = [reviews.resolve(reviewId, resolution)];
        const written =
          resolution.decision === 'completed'
            ? await settle(refund, outcome, close)
            : await fail(refund, outcome, close);

        return typeof written === 'object' ? 'settled' : written;
      },
    };
  };
