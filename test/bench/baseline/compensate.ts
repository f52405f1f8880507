import { planRelease } from '../../../shared/application/orders/release-plan.ts';
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
  readonly payments: Pick<PaymentRepository, 'updateWrite'>;
  readonly balances: Pick<BalanceRepository, 'release'>;
  readonly products: Pick<ProductRepository, 'restore'>;
  readonly coupons: Pick<CouponRepository, 'findUse' | 'restore'>;
  readonly clock: Clock;
}

export type Compensate = (before: Payment, failed: Payment) => Promise<void>;

/**
 * The brief's `compensatePayment`: restores stock and balance, cancels the order and restores the coupon, in
 * one transaction with the transition of the payment.
 */
export const createCompensate =
  ({ db, orders, payments, balances, products, coupons, clock }: Stores): Compensate =>
  async (before, failed) => {
    const { balance = 0, lines = [] } = before.reservation ?? {};
    const release = await planRelease({ orders, coupons }, before, clock.now().toISOString());

    const [changed] = await commit(
      db,
      [
        payments.updateWrite(before, failed),
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
