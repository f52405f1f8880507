import { undoingOf } from '../../../functions/release-order/release-plan.ts';
import type { Clock } from '../../../shared/domain/clock.ts';
import { Outage } from '../../../shared/domain/errors.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { Balances } from '../../../shared/persistence/balance-repository.ts';
import type { Coupons } from '../../../shared/persistence/coupon-repository.ts';
import { commit } from '../../../shared/persistence/dynamodb/transaction.ts';
import type { Orders } from '../../../shared/persistence/order-repository.ts';
import type { Payments } from '../../../shared/persistence/payment-repository.ts';
import type { Products } from '../../../shared/persistence/product-repository.ts';

interface Stores {
  readonly db: Parameters<typeof commit>[0];
  readonly orders: Pick<Orders, 'find' | 'cancel'>;
  readonly payments: Pick<Payments, 'move' | 'unmoved'>;
  readonly balances: Pick<Balances, 'giveBack'>;
  readonly products: Pick<Products, 'restore'>;
  readonly coupons: Pick<Coupons, 'find' | 'restore'>;
  readonly clock: Clock;
}

export type GiveBack = (before: Payment, failed?: Payment) => Promise<void>;

/**
 * The brief's `compensatePayment`: stock back, balance back, order cancelled, coupon back, in one transaction with the payment's own move.
 * A payment that was refused at once is FAILED already and reserved nothing: only its order and coupon are released.
 */
export const giveBackIn =
  ({ db, orders, payments, balances, products, coupons, clock }: Stores): GiveBack =>
  async (before, failed) => {
    const { userId, orderId, couponId, reservation } = before;
    const order = await orders.find(orderId);
    if (order === undefined) throw new Error(`There is no order ${orderId}.`);
    const coupon = couponId === undefined ? undefined : await coupons.find(userId, couponId);
    const at = clock.now().toISOString();
    const { balance = 0, lines = [] } = reservation ?? {};
    const release = undoingOf({ orders, coupons }, { payment: before, order, coupon, at });

    const [changed] = await commit(
      db,
      [
        failed ? payments.move(before, failed) : payments.unmoved(before),
        ...(balance > 0 ? [balances.giveBack(before, balance)] : []),
        ...lines.map(products.restore),
        ...release.writes,
      ].map((write) => ({ write, refused: () => true })),
    );
    if (changed) throw new Outage(`What payment ${before.paymentId} gives back changed meanwhile.`);
  };
