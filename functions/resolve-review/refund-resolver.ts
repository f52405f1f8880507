import type {
  createFailRefund,
  createSettleRefund,
} from '../../shared/application/refunds/settle-refund.ts';
import { readAcceptedRefundDifference } from '../../shared/application/reviews/difference-reviews.ts';
import { applyRefundSuccess } from '../../shared/domain/refunds/refund-settlement.ts';
import { checkRefundDecision } from '../../shared/domain/reviews/decision-check.ts';
import { emptyPlan } from '../../shared/domain/reviews/resolution-plan.ts';
import { allowedRefundDecisions, type Resolution } from '../../shared/domain/reviews/review.ts';
import { refundDecisionOutcome } from '../../shared/domain/reviews/review-decision.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';
import type { RefundRepository } from '../../shared/persistence/refund-repository.ts';
import type { ReviewRepository } from '../../shared/persistence/review-repository.ts';
import { type PlanDependencies, planRefund } from './booking-plans.ts';
import { type GatewayInquiryDependencies, inquireAboutRefund } from './inquire-gateway.ts';
import type { ReviewResolverFactory } from './review-resolver.ts';

interface Dependencies extends GatewayInquiryDependencies, PlanDependencies {
  readonly payments: Pick<PaymentRepository, 'getOrThrow'>;
  readonly refunds: Pick<RefundRepository, 'getOrThrow'>;
  readonly reviews: Pick<ReviewRepository, 'resolve' | 'find'>;
  readonly settle: ReturnType<typeof createSettleRefund>;
  readonly fail: ReturnType<typeof createFailRefund>;
}

/**
 * Resolves the review of a refund. If the gateway has refunded it, the ledger follows; otherwise the amount
 * becomes refundable again.
 */
export const createRefundResolver =
  ({ payments, refunds, reviews, settle, fail, ...deps }: Dependencies): ReviewResolverFactory =>
  async (review) => {
    const { reviewId, paymentId, refundId = '' } = review;
    const refund = await refunds.getOrThrow(refundId);

    return {
      decisions: allowedRefundDecisions(review, refund),
      async examine(decision) {
        const [payment, accepted] = await Promise.all([
          payments.getOrThrow(paymentId),
          readAcceptedRefundDifference(reviews, paymentId),
        ]);
        const reviewed = { refund, payment, accepted };
        const { found, summary, gatewayCalls, pg } = await inquireAboutRefund(deps, reviewed);

        const outcomeOf = (resolution: Resolution) =>
          refundDecisionOutcome(refund, { reviewId, ...resolution }, { gatewayCalls, pg });

        return {
          check: checkRefundDecision(decision, reviewed, found),
          gateway: summary,
          async plan(resolution) {
            if (decision !== 'completed') return emptyPlan;
            const { payment: after } = applyRefundSuccess(
              { payment, refund },
              outcomeOf(resolution),
            );

            return planRefund(deps, refund, { before: payment, after });
          },
          async write(resolution) {
            const outcome = outcomeOf(resolution);
            const close = [reviews.resolve(reviewId, resolution)];
            const written =
              decision === 'completed'
                ? await settle(refund, outcome, close)
                : await fail(refund, outcome, close);

            return typeof written === 'object' ? 'written' : written;
          },
        };
      },
    };
  };
