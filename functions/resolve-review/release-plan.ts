import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { ObservedCharge } from '../../shared/domain/reviews/decision-check.ts';
import {
  emptyPlan,
  type ResolutionPlan,
  releaseMoves,
} from '../../shared/domain/reviews/resolution-plan.ts';
import type { Resolution } from '../../shared/domain/reviews/review.ts';
import type { CouponRepository } from '../../shared/persistence/coupon-repository.ts';
import type { OrderRepository } from '../../shared/persistence/order-repository.ts';

export interface ReleasePlanDependencies {
  readonly orders: Pick<OrderRepository, 'find'>;
  readonly coupons: Pick<CouponRepository, 'findUse'>;
}

interface ReleaseSituation {
  readonly before: Payment;
  /** Targets that are not compensated yet. */
  readonly missing: readonly string[];
  readonly found: ObservedCharge;
  readonly resolution: Resolution;
}

/**
 * What follows a payment that is decided as failed: its compensation, and the refund of a charge that the
 * gateway still holds. A payment decided as reversed has been released before.
 */
export const planRelease = async (
  { orders, coupons }: ReleasePlanDependencies,
  { before, missing, found, resolution: { decision, at } }: ReleaseSituation,
): Promise<ResolutionPlan> => {
  if (decision === 'reversed') return emptyPlan;
  const { orderId, userId, couponId } = before;
  const [order, coupon] = await Promise.all([
    orders.find(orderId),
    couponId === undefined ? undefined : coupons.findUse(userId, couponId),
  ]);
  // The gateway holds a charge only if the payment failed before its review: late-capture checks refund it.
  const refund = found.status === 'captured' ? found.captured - found.refunded : 0;

  return {
    moves: releaseMoves(before, { order, coupon, missing, at }),
    gateway: { charge: 0, refund },
  };
};
