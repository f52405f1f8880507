import type { Database } from '../config/platform.ts';
import type { Coupon, CouponUse, Order } from '../domain/orders/order.ts';
import { equals, update, type Write } from './dynamodb/expressions.ts';
import { getItem } from './dynamodb/get-item.ts';
import { parseCoupon } from './external-item-schemas.ts';
import { parseExternalItem } from './parse-external-item.ts';

/** The buyers' coupons: reads, and writes for transactions. */
export const createCouponRepository = (db: Database, table: string) => {
  const keyOf = ({ userId, couponId }: Pick<Coupon, 'userId' | 'couponId'>) => ({
    userId,
    couponId,
  });

  const read = (userId: string, couponId: string) =>
    getItem(db, table, keyOf({ userId, couponId }));

  return {
    /**
     * The coupon, validated for pricing an order. Throws InvalidItemError if the stored item is not valid.
     */
    async find(userId: string, couponId: string): Promise<Coupon | undefined> {
      return parseExternalItem(parseCoupon, await read(userId, couponId));
    },

    /** The use of a coupon, without validation: a coupon whose item is not valid can still be restored. */
    async findUse(userId: string, couponId: string): Promise<CouponUse | undefined> {
      const item = (await read(userId, couponId)) as CouponUse | undefined;
      if (item === undefined) return undefined;
      const { status, orderId, expiresAt } = item;

      return { userId, couponId, status, orderId, expiresAt };
    },

    /** AVAILABLE -> USED by this order, if the coupon still has the terms that the order was priced with. */
    use: (coupon: Coupon, { orderId }: Pick<Order, 'orderId'>): Write =>
      update({
        table,
        key: keyOf(coupon),
        set: { status: 'USED', orderId },
        conditions: [
          equals('status', 'AVAILABLE'),
          equals('amountOff', coupon.amountOff),
          equals('currency', coupon.currency),
          equals('expiresAt', coupon.expiresAt),
        ],
      }),

    /** USED by this order -> AVAILABLE, or -> EXPIRED if it has expired meanwhile. */
    restore: (
      coupon: CouponUse,
      { orderId }: Pick<Order, 'orderId'>,
      to: 'AVAILABLE' | 'EXPIRED',
    ): Write =>
      update({
        table,
        key: keyOf(coupon),
        set: { status: to },
        remove: ['orderId'],
        conditions: [equals('status', 'USED'), equals('orderId', orderId)],
      }),
  };
};

export type CouponRepository = ReturnType<typeof createCouponRepository>;
