import type { Compensate } from '../../shared/application/compensation/compensating-transaction.ts';
import type { StepInput, StepOutput } from '../../shared/lambda/step-handler.ts';
import type { CouponRepository } from '../../shared/persistence/coupon-repository.ts';
import type { OrderRepository } from '../../shared/persistence/order-repository.ts';
import { planRelease } from './release-plan.ts';

interface Dependencies {
  readonly orders: Pick<OrderRepository, 'find' | 'cancel'>;
  readonly coupons: Pick<CouponRepository, 'findUse' | 'restore'>;
  readonly compensate: Compensate;
}

/**
 * Cancels the order of a failed payment and restores its coupon in one transaction. Does nothing if another
 * payment holds the order.
 */
export const releaseOrder =
  ({ orders, coupons, compensate }: Dependencies) =>
  async ({ paymentId }: StepInput): Promise<StepOutput> => ({
    outcome: await compensate(paymentId, async (payment, at) => {
      const { orderId, userId, couponId } = payment;
      const order = await orders.find(orderId);
      const coupon = couponId === undefined ? undefined : await coupons.findUse(userId, couponId);

      return planRelease({ orders, coupons }, { payment, order, coupon, at });
    }),
  });
