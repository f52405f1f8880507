import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { createPlaceOrder } from '../../../../shared/application/orders/place-order.ts';
import { createDatabase } from '../../../../shared/config/system-runtime.ts';
import { canaryBuyer, canarySku } from '../../../../shared/domain/canary.ts';
import { ServiceUnavailableError } from '../../../../shared/domain/errors.ts';
import { deriveOrderId, requestHashOf } from '../../../../shared/domain/ids.ts';
import { createCouponRepository } from '../../../../shared/persistence/coupon-repository.ts';
import { createOrderRepository } from '../../../../shared/persistence/order-repository.ts';
import { createPaymentListRepository } from '../../../../shared/persistence/payment-list-repository.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { createProductRepository } from '../../../../shared/persistence/product-repository.ts';
import { aCoupon, aProduct, noon } from '../../../support/builders/builders.ts';
import { createOrderHarness } from '../../functions/create-order/harness.ts';

const lines = [{ sku: 'tea', quantity: 1 }];
const request = {
  orderId: deriveOrderId('alice', 'k-1'),
  userId: 'alice',
  lines,
  requestHash: requestHashOf({ lines }),
};
const later = new Date(noon.getTime() + 1);
const connectionLost = () => Object.assign(new Error('connection lost'), { code: 'ECONNRESET' });

describe('place order', () => {
  it('writes the order, if absent, and its coupon, if available, in one transaction', async () => {
    const coupon = aCoupon({ userId: 'alice' });
    const db = mockClient(DynamoDBDocumentClient).on(TransactWriteCommand).resolves({});
    const client = createDatabase(db as unknown as DynamoDBDocumentClient);
    const place = createPlaceOrder({
      db: client,
      orders: createOrderRepository(client, 'orders'),
      products: {
        ...createProductRepository(client, 'products'),
        find: async (sku) => aProduct({ sku }),
      },
      coupons: { ...createCouponRepository(client, 'coupons'), find: async () => coupon },
      payments: createPaymentRepository(client, 'payments'),
      buyersPayments: createPaymentListRepository(client, 'payments'),
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

  it.each([
    [canarySku, 'alice'],
    ['tea', canaryBuyer],
  ])('rejects %s as unknown to %s, although it is in the catalogue', async (sku, userId) => {
    const { stores, stock, orders } = createOrderHarness();
    stock(aProduct({ sku: canarySku, unitPrice: 0 }));
    const place = createPlaceOrder(stores);

    await expect(
      place({ ...request, userId, lines: [{ sku, quantity: 1 }] }, noon),
    ).rejects.toMatchObject({
      data: { code: 'product-not-found', errors: [{ detail: `There is no product "${sku}".` }] },
    });
    expect(orders()).toEqual([]);
  });

  it('stores one order for two concurrent first requests of a key', async () => {
    const { stores, orders } = createOrderHarness();
    const place = createPlaceOrder(stores);

    const [one, other] = await Promise.all([place(request, noon), place(request, later)]);

    expect(orders()).toHaveLength(1);
    expect(one?.order).toEqual(other?.order);
    expect([one?.replayed, other?.replayed]).toEqual([false, true]);
  });

  it('returns the stored order to a retry whose coupon the first request used', async () => {
    const coupon = aCoupon({ userId: 'alice' });
    const { stores } = createOrderHarness({ coupons: [coupon] });
    const place = createPlaceOrder(stores);
    const withCoupon = { ...request, couponId: coupon.couponId };

    const first = await place(withCoupon, noon);

    expect(await place(withCoupon, later)).toEqual({ order: first.order, replayed: true });
  });

  it('rejects a coupon that another order uses between read and write', async () => {
    const coupon = aCoupon({ userId: 'alice' });
    const harness = createOrderHarness({
      coupons: [{ ...coupon, status: 'USED', orderId: 'ord_other' }],
    });
    const coupons = { ...harness.stores.coupons, find: async () => coupon };

    await expect(
      createPlaceOrder({ ...harness.stores, coupons })(
        { ...request, couponId: coupon.couponId },
        noon,
      ),
    ).rejects.toMatchObject({ data: { code: 'coupon-not-usable' } });
    expect(harness.orders()).toEqual([]);
  });

  it('returns the stored order after a lost response of the write', async () => {
    const { stores } = createOrderHarness();
    const send = async (command: never) => {
      await stores.db.send(command);
      throw connectionLost();
    };
    const place = createPlaceOrder({
      ...stores,
      db: createDatabase({ send } as unknown as DynamoDBDocumentClient),
    });

    expect(await place(request, noon)).toMatchObject({
      order: { orderId: request.orderId },
      replayed: false,
    });
  });

  it('throws the error of the write if nothing was stored', async () => {
    const { stores, orders } = createOrderHarness();
    const unreachable = createDatabase({
      send: () => Promise.reject(connectionLost()),
    } as unknown as DynamoDBDocumentClient);
    const busy = createDatabase({
      send: () =>
        Promise.reject(
          new ServiceUnavailableError('DynamoDB write still failing after the last retry.'),
        ),
    } as unknown as DynamoDBDocumentClient);

    await expect(createPlaceOrder({ ...stores, db: unreachable })(request, noon)).rejects.toThrow(
      'connection lost',
    );
    await expect(createPlaceOrder({ ...stores, db: busy })(request, noon)).rejects.toThrow(
      ServiceUnavailableError,
    );
    expect(orders()).toEqual([]);
  });
});
