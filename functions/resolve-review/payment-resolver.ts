import type { createCaptureAfterReview } from '../../shared/application/payments/capture-payment.ts';
import { recordTimeToFinalStatus } from '../../shared/application/payments/record-time-to-final-status.ts';
import type { Database } from '../../shared/config/platform.ts';
import { uncompensatedTargets } from '../../shared/domain/compensation/compensation-target.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { checkDecision } from '../../shared/domain/reviews/decision-check.ts';
import { allowedDecisions, type Resolution } from '../../shared/domain/reviews/review.ts';
import { applyDecision } from '../../shared/domain/reviews/review-decision.ts';
import type { CompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import type { Write } from '../../shared/persistence/dynamodb/expressions.ts';
import { tryCommit } from '../../shared/persistence/dynamodb/transaction.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';
import type { ReviewRepository } from '../../shared/persistence/review-repository.ts';
import { type PlanDependencies, planCapture } from './booking-plans.ts';
import { type GatewayInquiryDependencies, inquireAboutCharge } from './inquire-gateway.ts';
import { planRelease, type ReleasePlanDependencies } from './release-plan.ts';
import type { ResolutionWriteResult, ReviewResolverFactory } from './review-resolver.ts';

interface Dependencies
  extends GatewayInquiryDependencies,
    Omit<PlanDependencies, 'orders'>,
    Pick<ReleasePlanDependencies, 'coupons'> {
  readonly db: Database;
  readonly orders: PlanDependencies['orders'] & ReleasePlanDependencies['orders'];
  readonly payments: Pick<PaymentRepository, 'getOrThrow' | 'updateWrite'>;
  readonly compensations: Pick<CompensationRepository, 'listByPayment'>;
  readonly reviews: Pick<ReviewRepository, 'resolve'>;
  readonly settle: ReturnType<typeof createCaptureAfterReview>;
}

/**
 * Resolves the review of a payment. A completed one is settled in the ledger; a failed one is compensated by
 * the subscribers of its event.
 */
export const createPaymentResolver = (dependencies: Dependencies): ReviewResolverFactory => {
  const { db, payments, compensations, reviews, settle, timings } = dependencies;

  const writeTransition = async (
    before: Payment,
    after: Payment,
    close: Write,
  ): Promise<ResolutionWriteResult> => {
    const isWritten = await tryCommit(db, [payments.updateWrite(before, after), close]);

    return isWritten ? 'written' : 'version-conflict';
  };

  return async (review) => {
    const { reviewId, paymentId } = review;
    const before = await payments.getOrThrow(paymentId);
    const missing = uncompensatedTargets(before, await compensations.listByPayment(paymentId));

    return {
      decisions: allowedDecisions(review, before, missing),
      async examine(decision, options) {
        const { found, summary, gatewayCalls, pg, closesCharge } = await inquireAboutCharge(
          dependencies,
          before,
          decision,
          options,
        );
        const afterDecision = (resolution: Resolution) =>
          applyDecision(before, { reviewId, ...resolution }, { gatewayCalls, pg, timings });

        return {
          check: checkDecision(decision, before, found),
          gateway: summary,
          ...(closesCharge && { closesCharge }),
          plan: (resolution) =>
            decision === 'completed'
              ? planCapture(dependencies, before, afterDecision(resolution))
              : planRelease(dependencies, { before, missing, found, resolution }),
          async write(resolution) {
            const after = afterDecision(resolution);
            const close = reviews.resolve(reviewId, resolution);
            const written =
              decision === 'completed'
                ? await settle(before, after, [close])
                : await writeTransition(before, after, close);
            if (written === 'written') recordTimeToFinalStatus(before, after);

            return written;
          },
        };
      },
    };
  };
};
