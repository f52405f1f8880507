import { createCaptureAfterReview } from '../../shared/application/payments/capture-payment.ts';
import type { PaymentRepositories } from '../../shared/application/payments/payment-repositories.ts';
import {
  createFailRefund,
  createRecordExternalRefund,
  createSettleRefund,
} from '../../shared/application/refunds/settle-refund.ts';
import type { PointsRate } from '../../shared/domain/points/points-rate.ts';
import type { Review } from '../../shared/domain/reviews/review.ts';
import type { CompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import type { CouponRepository } from '../../shared/persistence/coupon-repository.ts';
import type { RefundRepository } from '../../shared/persistence/refund-repository.ts';
import type { ReviewRepository } from '../../shared/persistence/review-repository.ts';
import { createDifferenceResolver } from './difference-resolver.ts';
import type { GatewayInquiryDependencies } from './inquire-gateway.ts';
import { createPaymentResolver } from './payment-resolver.ts';
import { createRefundResolver } from './refund-resolver.ts';
import { createClosingResolver, type ReviewResolverFactory } from './review-resolver.ts';

interface Dependencies extends PaymentRepositories, GatewayInquiryDependencies {
  readonly refunds: RefundRepository;
  readonly reviews: ReviewRepository;
  readonly compensations: CompensationRepository;
  readonly coupons: CouponRepository;
  readonly rate: PointsRate;
}

/** How each kind of review is resolved. */
export const createResolvers = (
  deps: Dependencies,
): Readonly<Record<Review['kind'], ReviewResolverFactory>> => ({
  payment: createPaymentResolver({ ...deps, settle: createCaptureAfterReview(deps) }),
  refund: createRefundResolver({
    ...deps,
    settle: createSettleRefund(deps),
    fail: createFailRefund(deps),
  }),
  'gateway-difference': createDifferenceResolver({
    ...deps,
    book: createRecordExternalRefund(deps),
  }),
  dispute: createClosingResolver(deps),
  event: createClosingResolver(deps),
});
