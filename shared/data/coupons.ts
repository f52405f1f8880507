import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Coupon, Order } from '../domain/order.ts';
import { equals, update, type Write } from './expression.ts';

/** The buyers' coupons: what is read, and the writes that others put into their transactions. */
export const couponsIn = (db: DynamoDBDocumentClient, table: string) => {
  const keyOf = ({ userId, couponId }: Pick<Coupon, 'userId' | 'couponId'>) => ({
    userId,
    couponId,
  });

  return {
    async find(userId: string, couponId: string): Promise<Coupon | undefined> {
      const { Item } = await db.send(
        new GetCommand({
          TableName: table,
          Key: keyOf({ userId, couponId }),
          ConsistentRead: true,
        }),
      );

      return Item as Coupon | undefined;
    },

    /** AVAILABLE -> USED by this order, if the coupon is still worth what the order was priced with. */
    use: (coupon: Coupon, { orderId }: Pick<Order, 'orderId'>): Write =>
      update({
        table,
        key: keyOf(coupon),
        set: { status: 'USED', orderId },
        when: [
          equals('status', 'AVAILABLE'),
          equals('amountOff', coupon.amountOff),
          equals('currency', coupon.currency),
          equals('expiresAt', coupon.expiresAt),
        ],
      }),

    /** USED by this order -> AVAILABLE, or EXPIRED where its time ran out meanwhile. */
    restore: (
      coupon: Coupon,
      { orderId }: Pick<Order, 'orderId'>,
      to: 'AVAILABLE' | 'EXPIRED',
    ): Write =>
      update({
        table,
        key: keyOf(coupon),
        set: { status: to },
        remove: ['orderId'],
        when: [equals('status', 'USED'), equals('orderId', orderId)],
      }),
  };
};

export type Coupons = ReturnType<typeof couponsIn>;
