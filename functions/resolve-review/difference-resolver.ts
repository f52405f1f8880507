import { readGatewayAmounts } from '../../shared/application/payments/read-gateway-amounts.ts';
import type { createRecordExternalRefund } from '../../shared/application/refunds/settle-refund.ts';
import { deriveExternalRefundId } from '../../shared/domain/ids.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import {
  applyExternalRefund,
  createExternalRefund,
} from '../../shared/domain/refunds/refund-settlement.ts';
import type { DecisionCheck } from '../../shared/domain/reviews/decision-check.ts';
import { gatewayDifferenceOf } from '../../shared/domain/reviews/gateway-difference.ts';
import { emptyPlan } from '../../shared/domain/reviews/resolution-plan.ts';
import {
  allowedDifferenceDecisions,
  type Resolution,
  type Review,
} from '../../shared/domain/reviews/review.ts';
import { withCallLog } from '../../shared/gateway/recording-gateway.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';
import type { ReviewRepository } from '../../shared/persistence/review-repository.ts';
import { type PlanDependencies, planRefund } from './booking-plans.ts';
import type { GatewayInquiryDependencies } from './inquire-gateway.ts';
import { type CheckedDecision, closeOnly, type ReviewResolverFactory } from './review-resolver.ts';

interface Dependencies extends GatewayInquiryDependencies, PlanDependencies {
  readonly payments: Pick<PaymentRepository, 'getOrThrow'>;
  readonly reviews: Pick<ReviewRepository, 'resolve' | 'markReconciled'>;
  readonly book: ReturnType<typeof createRecordExternalRefund>;
}

const by = 'resolve-review';

/**
 * Resolves the review of a final payment whose amount at the gateway differs from the ledger. The difference
 * is accepted and not reviewed again, or the external refund is recorded.
 */
export const createDifferenceResolver =
  (deps: Dependencies): ReviewResolverFactory =>
  async (review) => {
    const payment = await deps.payments.getOrThrow(review.paymentId);

    return {
      decisions: allowedDifferenceDecisions(review, payment),
      examine: async (decision) =>
        decision === 'reversed' ? examineBooking(deps, review, payment) : closeOnly(deps, review),
    };
  };

/** Records what the gateway reports now, and only if the review is about that amount. */
const examineBooking = async (
  { reviews, book, clock, timings, ...deps }: Dependencies,
  review: Review,
  before: Payment,
): Promise<CheckedDecision> => {
  const { gateway, gatewayCalls } = withCallLog(deps.gateway, clock);
  const windowMs = timings.inFlightWindowMs;
  const held = await readGatewayAmounts({ gateway, now: clock.now(), windowMs }, before);
  if ('unclear' in held)
    return {
      check: { result: 'unclear' },
      gateway: held.unclear,
      plan: async () => emptyPlan,
      write: async () => 'version-conflict',
    };
  const after = await deps.payments.getOrThrow(review.paymentId);
  const amount = gatewayDifferenceOf({ ...held, before, after })?.amount ?? 0;
  const summary = `captured ${held.captured}, refunded ${held.refunded}: ${-amount} not recorded in the ledger`;

  const refundOf = (resolution: Resolution) => {
    const at = new Date(resolution.at);
    const outcome = { at, by, gatewayCalls, detail: `refunded at the gateway, ${summary}` };

    return {
      outcome,
      refund: createExternalRefund(newRefundFor(review, resolution, -amount), outcome),
    };
  };

  return {
    check: checkDifference(review, amount, summary),
    gateway: summary,
    async plan(resolution) {
      const { refund, outcome } = refundOf(resolution);
      const booked = applyExternalRefund({ payment: after, refund }, outcome);
      if (booked === undefined) return 'version-conflict';

      return planRefund(deps, refund, { before: after, after: booked.payment });
    },
    async write(resolution) {
      const { refund, outcome } = refundOf(resolution);
      const close = reviews.markReconciled(review.reviewId, resolution.at, resolution);
      const written = await book(refund, outcome, [close]);

      return written === 'version-conflict' ? written : 'written';
    },
  };
};

const checkDifference = (
  { difference }: Review,
  amount: number,
  summary: string,
): DecisionCheck => {
  if (amount === difference?.amount) return { result: 'agrees' };

  return {
    result: 'contradicts',
    detail: `The amounts at the gateway have changed: ${summary}. Request an inquiry, then read the review again.`,
  };
};

const newRefundFor = (review: Review, { reason }: Resolution, amount: number) => {
  const { reviewId, paymentId, orderId, userId, currency } = review;
  const refundId = deriveExternalRefundId(paymentId, reviewId);
  const own = { refundId, amount, lines: [], requestHash: reviewId };

  return { ...own, paymentId, orderId, userId, currency, reason: `${reason} (${reviewId})` };
};
