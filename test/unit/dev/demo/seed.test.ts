import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { putBalance, putCoupon, putProduct, seed } from '../../../../dev/demo/seed.ts';
import { shop } from '../../../../dev/demo/shop.ts';

const tables = { products: 'products-1', balances: 'balances-1', coupons: 'coupons-1' };
const mock = mockClient(DynamoDBDocumentClient);
const db = DynamoDBDocumentClient.from(new DynamoDBClient());

const alreadyExists = new ConditionalCheckFailedException({ $metadata: {}, message: 'there' });

beforeEach(() => mock.reset().on(PutCommand).resolves({}));

describe('seed', () => {
  it('creates a product, a balance and a coupon if they do not exist', async () => {
    const tea = { sku: 'tea', name: 'Tea', unitPrice: 100, currency: 'KRW', available: 7 };
    const ann = { userId: 'ann', currency: 'KRW', available: 900 };
    const gift = {
      ...{ userId: 'ann', couponId: 'gift', amountOff: 50, currency: 'KRW' },
      expiresAt: '2999-12-31T00:00:00.000Z',
    };

    await putProduct(db, tables, tea);
    await putBalance(db, tables, ann);
    await putCoupon(db, tables, gift);

    const condition = { ConditionExpression: 'attribute_not_exists(#key)' };
    expect(mock.commandCalls(PutCommand).map(({ args }) => args[0].input)).toEqual([
      {
        ...condition,
        TableName: 'products-1',
        Item: { ...tea, reserved: 0, sold: 0, received: 7 },
        ExpressionAttributeNames: { '#key': 'sku' },
      },
      {
        ...condition,
        TableName: 'balances-1',
        Item: { ...ann, held: 0, spent: 0, deposited: 900 },
        ExpressionAttributeNames: { '#key': 'userId' },
      },
      {
        ...condition,
        TableName: 'coupons-1',
        Item: { ...gift, status: 'AVAILABLE' },
        ExpressionAttributeNames: { '#key': 'couponId' },
      },
    ]);
  });

  it('creates a product with its stock on several shards', async () => {
    const tea = { sku: 'tea', name: 'Tea', unitPrice: 100, currency: 'KRW', available: 7 };

    expect(await putProduct(db, tables, { ...tea, stockShards: 2 })).toBe(true);

    expect(mock.commandCalls(PutCommand).map(({ args }) => args[0].input.Item)).toEqual([
      {
        ...tea,
        ...{ available: 4, reserved: 0, sold: 0, received: 4 },
        ...{ stockShards: 2, stockShardsCreated: 2 },
      },
      { sku: 'tea#1', shardOf: 'tea', available: 3, reserved: 0, sold: 0, received: 3 },
    ]);
  });

  it('counts the created items and keeps existing ones', async () => {
    mock.on(PutCommand, { TableName: 'balances-1' }).rejects(alreadyExists);

    const { products, balances, coupons } = shop;

    expect(balances.length).toBeGreaterThan(0);
    expect(await seed(db, tables, shop)).toBe(products.length + coupons.length);
  });

  it('rethrows any other error', async () => {
    mock.on(PutCommand, { TableName: 'coupons-1' }).rejects(new Error('no network'));

    await expect(seed(db, tables, shop)).rejects.toThrow('no network');
  });
});
