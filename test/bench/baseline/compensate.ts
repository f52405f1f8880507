import { planRelease } from '../../../functions/release-order/release-plan.ts';
import { ServiceUnavailableError } from '../../../shared/domain/errors.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { Clock } from '../../../shared/domain/time.ts';
import type { BalanceRepository } from '../../../shared/persistence/balance-repository.ts';
import type { CouponRepository } from '../../../shared/persistence/coupon-repository.ts';
import { commit } from '../../../shared/persistence/dynamodb/transaction.ts';
import type { OrderRepository } from '../../../shared/persistence/order-repository.ts';
import type { PaymentRepository } from '../../../shared/persistence/payment-repository.ts';
import type { ProductRepository } from '../../../shared/persistence/product-repository.ts';

interface Stores {
  readonly db: Parameters<typeof commit>[0];
  readonly orders: Pick<OrderRepository, 'find' | 'cancel'>;
  readonly payments: Pick<PaymentRepository, 'updateWrite' | 'checkUnchanged'>;
  readonly balances: Pick<BalanceRepository, 'release'>;
  readonly products: Pick<ProductRepository, 'restore'>;
  readonly coupons: Pick<CouponRepository, 'find' | 'restore'>;
  readonly clock: Clock;
}

export type Compensate = (before: Payment, failed?: Payment) => Promise<void>;

/**
 * The brief's `compensatePayment`: restores stock and balance, cancels the order and restores the coupon, in
 * one transaction with the transition of the payment. A payment rejected at accept is already FAILED and
 * reserved nothing: only its order and coupon are released.
 */
export const createCompensate =
  ({ db, orders, payments, balances, products, coupons, clock }: Stores): Compensate =>
  async (before, failed) => {
    const { userId, orderId, couponId, reservation } = before;
    const order = await orders.find(orderId);
    if (order === undefined) throw new Error(`Order ${orderId} does not exist.`);
    const coupon = couponId === undefined ? undefined : await coupons.find(userId, couponId);
    const at = clock.now().toISOString();
    const { balance = 0, lines = [] } = reservation ?? {};
    const release = planRelease({ orders, coupons }, { payment: before, order, coupon, at });

    const [changed] = await commit(
      db,
      [
        failed ? payments.updateWrite(before, failed) : payments.checkUnchanged(before),
        ...(balance > 0 ? [balances.release(before, balance)] : []),
        ...lines.map(products.restore),
        ...release.writes,
      ].map((write) => ({ write, toRejection: () => true })),
    );
    if (changed)
      throw new ServiceUnavailableError(
        `Version conflict while compensating payment ${before.paymentId}.`,
      );
  };
