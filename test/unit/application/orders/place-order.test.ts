import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { placeIn } from '../../../../shared/application/orders/place-order.ts';
import { Outage } from '../../../../shared/domain/errors.ts';
import { orderIdOf, requestHashOf } from '../../../../shared/domain/ids.ts';
import { couponsIn } from '../../../../shared/persistence/coupon-repository.ts';
import { ordersIn } from '../../../../shared/persistence/order-repository.ts';
import { paymentsOfBuyerIn } from '../../../../shared/persistence/payment-list-repository.ts';
import { paymentsIn } from '../../../../shared/persistence/payment-repository.ts';
import { productsIn } from '../../../../shared/persistence/product-repository.ts';
import { aCoupon, aProduct, noon } from '../../../support/builders/builders.ts';
import { aShop } from '../../functions/create-order/harness.ts';

const lines = [{ sku: 'tea', quantity: 1 }];
const request = {
  orderId: orderIdOf('alice', 'k-1'),
  userId: 'alice',
  lines,
  requestHash: requestHashOf({ lines }),
};
const later = new Date(noon.getTime() + 1);
const lost = () => Object.assign(new Error('connection lost'), { code: 'ECONNRESET' });

describe('placing an order', () => {
  it('is one transaction of the order, if absent, and its coupon, if available', async () => {
    const coupon = aCoupon({ userId: 'alice' });
    const db = mockClient(DynamoDBDocumentClient).on(TransactWriteCommand).resolves({});
    const client = db as unknown as DynamoDBDocumentClient;
    const place = placeIn({
      db: client,
      orders: ordersIn(client, 'orders'),
      products: { ...productsIn(client, 'products'), find: async (sku) => aProduct({ sku }) },
      coupons: { ...couponsIn(client, 'coupons'), find: async () => coupon },
      payments: paymentsIn(client, 'payments'),
      buyersPayments: paymentsOfBuyerIn(client, 'payments'),
    });

    const { order } = await place({ ...request, couponId: coupon.couponId }, noon);

    expect(db.commandCalls(TransactWriteCommand).map(({ args }) => args[0].input)).toEqual([
      {
        TransactItems: [
          {
            Put: {
              TableName: 'orders',
              Item: order,
              ConditionExpression: 'attribute_not_exists(#orderId)',
              ExpressionAttributeNames: { '#orderId': 'orderId' },
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
          {
            Update: expect.objectContaining({
              TableName: 'coupons',
              Key: { userId: 'alice', couponId: coupon.couponId },
            }),
          },
        ],
        ClientRequestToken: expect.any(String),
      },
    ]);
  });

  it('ends in one order where two first tries of a key meet', async () => {
    const { stores, orders } = aShop();
    const place = placeIn(stores);

    const [one, other] = await Promise.all([place(request, noon), place(request, later)]);

    expect(orders()).toHaveLength(1);
    expect(one?.order).toEqual(other?.order);
    expect([one?.replayed, other?.replayed]).toEqual([false, true]);
  });

  it('ends in one order where the second try reads the coupon that the first has used', async () => {
    const coupon = aCoupon({ userId: 'alice' });
    const { stores } = aShop({ coupons: [coupon] });
    const place = placeIn(stores);
    const withCoupon = { ...request, couponId: coupon.couponId };

    const first = await place(withCoupon, noon);

    expect(await place(withCoupon, later)).toEqual({ order: first.order, replayed: true });
  });

  it('is refused where another order uses the coupon between reading and writing', async () => {
    const coupon = aCoupon({ userId: 'alice' });
    const shop = aShop({ coupons: [{ ...coupon, status: 'USED', orderId: 'ord_other' }] });
    const coupons = { ...shop.stores.coupons, find: async () => coupon };

    await expect(
      placeIn({ ...shop.stores, coupons })({ ...request, couponId: coupon.couponId }, noon),
    ).rejects.toMatchObject({ data: { code: 'coupon-not-usable' } });
    expect(shop.orders()).toEqual([]);
  });

  it('finds what it has stored where the answer of the write is lost', async () => {
    const { stores } = aShop();
    const send = async (command: never) => {
      await stores.db.send(command);
      throw lost();
    };
    const place = placeIn({ ...stores, db: { send } as unknown as DynamoDBDocumentClient });

    expect(await place(request, noon)).toMatchObject({
      order: { orderId: request.orderId },
      replayed: false,
    });
  });

  it('is an outage, and not an answer, where nothing was stored', async () => {
    const { stores, orders } = aShop();
    const unreachable = { send: () => Promise.reject(lost()) } as unknown as DynamoDBDocumentClient;
    const busy = {
      send: () => Promise.reject(new Outage('Too many writes at once.')),
    } as unknown as DynamoDBDocumentClient;

    await expect(placeIn({ ...stores, db: unreachable })(request, noon)).rejects.toThrow(
      'connection lost',
    );
    await expect(placeIn({ ...stores, db: busy })(request, noon)).rejects.toThrow(Outage);
    expect(orders()).toEqual([]);
  });
});
