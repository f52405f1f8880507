import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { createDatabase } from '../../../shared/config/system-runtime.ts';
import 'aws-sdk-client-mock-vitest/extend';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCouponRepository } from '../../../shared/persistence/coupon-repository.ts';
import { aCoupon, anOrder } from '../../support/builders/builders.ts';

const db = mockClient(DynamoDBDocumentClient);
const coupons = createCouponRepository(
  createDatabase(db as unknown as DynamoDBDocumentClient),
  'Coupons',
);
const coupon = aCoupon({ userId: 'alice', couponId: 'welcome', amountOff: 500 });
const order = anOrder({ orderId: 'ord_1', userId: 'alice' });

beforeEach(() => db.reset());

describe('coupon repository', () => {
  it('reads a coupon with strong consistency', async () => {
    db.on(GetCommand).resolves({ Item: coupon });

    expect(await coupons.find('alice', 'welcome')).toEqual(coupon);
    expect(db).toHaveReceivedCommandWith(GetCommand, {
      TableName: 'Coupons',
      Key: { userId: 'alice', couponId: 'welcome' },
      ConsistentRead: true,
    });
  });

  it('uses an available coupon only under the terms of the order price', () => {
    const { Update } = coupons.use(coupon, order);

    expect(Update).toMatchObject({
      TableName: 'Coupons',
      Key: { userId: 'alice', couponId: 'welcome' },
      UpdateExpression: 'SET #status = :v0, #orderId = :v1',
      ConditionExpression:
        '#status = :v2 AND #amountOff = :v3 AND #currency = :v4 AND #expiresAt = :v5',
      ExpressionAttributeValues: {
        ':v0': 'USED',
        ':v1': 'ord_1',
        ':v2': 'AVAILABLE',
        ':v3': 500,
        ':v4': 'KRW',
        ':v5': coupon.expiresAt,
      },
    });
  });

  it.each(['AVAILABLE', 'EXPIRED'] as const)(
    'restores a coupon to %s only from the order that used it',
    (to) => {
      const { Update } = coupons.restore(coupon, order, to);

      expect(Update).toMatchObject({
        Key: { userId: 'alice', couponId: 'welcome' },
        UpdateExpression: 'SET #status = :v0 REMOVE #orderId',
        ConditionExpression: '#status = :v1 AND #orderId = :v2',
        ExpressionAttributeValues: { ':v0': to, ':v1': 'USED', ':v2': 'ord_1' },
      });
    },
  );
});
