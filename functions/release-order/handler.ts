import type { Undo } from '../../shared/application/compensation/compensating-transaction.ts';
import type { StepInput, StepOutput } from '../../shared/lambda/step-handler.ts';
import type { Coupons } from '../../shared/persistence/coupon-repository.ts';
import type { Orders } from '../../shared/persistence/order-repository.ts';
import { undoingOf } from './release-plan.ts';

interface Dependencies {
  readonly orders: Pick<Orders, 'find' | 'cancel'>;
  readonly coupons: Pick<Coupons, 'findUse' | 'restore'>;
  readonly undo: Undo;
}

/** Cancels the order of a failed payment and gives its coupon back, both or neither: not if another payment holds the order. */
export const releaseOrder =
  ({ orders, coupons, undo }: Dependencies) =>
  async ({ paymentId }: StepInput): Promise<StepOutput> => ({
    outcome: await undo(paymentId, async (payment, at) => {
      const { orderId, userId, couponId } = payment;
      const order = await orders.find(orderId);
      const coupon = couponId === undefined ? undefined : await coupons.findUse(userId, couponId);

      return undoingOf({ orders, coupons }, { payment, order, coupon, at });
    }),
  });
