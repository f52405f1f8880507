import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { acceptIn } from '../../../shared/data/accept.ts';
import { balancesIn } from '../../../shared/data/balances.ts';
import { ordersIn } from '../../../shared/data/orders.ts';
import { paymentsIn } from '../../../shared/data/payments.ts';
import { productsIn } from '../../../shared/data/products.ts';
import { Outage, Refusal, type RefusalData } from '../../../shared/domain/errors.ts';
import type { Order } from '../../../shared/domain/order.ts';
import { openPayment, refusePayment } from '../../../shared/domain/payment.ts';
import { anOrder, noon } from '../../support/builders.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const db = dynamo as unknown as DynamoDBDocumentClient;
const accept = acceptIn({
  db,
  orders: ordersIn(db, 'Orders'),
  payments: paymentsIn(db, 'Payments'),
  balances: balancesIn(db, 'Balances'),
  products: productsIn(db, 'Products'),
});

const order = anOrder({
  lines: [
    { sku: 'tea', quantity: 2, unitPrice: 1_000 },
    { sku: 'cup', quantity: 1, unitPrice: 500 },
  ],
});
const request = { paymentId: 'pay_1', order, paymentMethod: 'sim_approve', requestHash: 'hash' };
const earlier = new Date(noon.getTime() - 60_000);

/** The steps in their order: payment, order, balance, tea, cup. Those named here fail, with what is stored. */
const refusing = (
  failed: Partial<Record<'payment' | 'order' | 'balance' | 'tea' | 'cup', object>>,
) =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: (['payment', 'order', 'balance', 'tea', 'cup'] as const).map((step) => {
      const stored = failed[step];

      return stored
        ? {
            Code: 'ConditionalCheckFailed',
            Item: marshall(stored, { removeUndefinedValues: true }),
          }
        : { Code: 'None' };
    }),
  });

const refusalOf = async (accepting: Promise<unknown>): Promise<Refusal> => {
  const error = await accepting.then(
    () => new Error('accepted'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Refusal);

  return error as Refusal;
};

const written = (call: number) =>
  dynamo.commandCalls(TransactWriteCommand).map((sent) => sent.args[0].input.TransactItems)[call];

beforeEach(() => {
  dynamo.reset();
  dynamo.on(TransactWriteCommand).resolves({});
});

describe('accept', () => {
  it('stores payment, order, balance and stock in one transaction, each under its condition', async () => {
    const { payment, replayed } = await accept(request, noon, 1_000);

    expect(replayed).toBe(false);
    expect(dynamo.calls()).toHaveLength(1);
    expect(written(0)).toMatchObject([
      {
        Put: {
          TableName: 'Payments',
          Item: payment,
          ConditionExpression: 'attribute_not_exists(#paymentId)',
        },
      },
      {
        Update: {
          TableName: 'Orders',
          Key: { orderId: order.orderId },
          ConditionExpression:
            '#userId = :v4 AND #status = :v5 AND attribute_not_exists(#activePaymentId) AND #total = :v6',
          ExpressionAttributeValues: { ':v0': 'PAYING', ':v5': 'PENDING_PAYMENT', ':v6': 2_500 },
        },
      },
      {
        Update: {
          TableName: 'Balances',
          Key: { userId: order.userId },
          UpdateExpression: 'ADD #available :v0, #held :v1',
          ConditionExpression: '#available >= :v2 AND #currency = :v3',
          ExpressionAttributeValues: { ':v0': -2_500, ':v1': 2_500, ':v2': 2_500, ':v3': 'KRW' },
        },
      },
      {
        Update: {
          TableName: 'Products',
          Key: { sku: 'tea' },
          ConditionExpression: '#available >= :v2',
        },
      },
      { Update: { TableName: 'Products', Key: { sku: 'cup' } } },
    ]);
  });

  it('asks for no balance where the coupon covers the order', async () => {
    const free: Order = { ...order, discount: order.subtotal, total: 0 };

    await accept({ ...request, order: free }, noon, 1_000);

    expect(written(0)?.map(({ Put, Update }) => (Put ?? Update)?.TableName)).toEqual([
      'Payments',
      'Orders',
      'Products',
      'Products',
    ]);
  });

  it('gives the first answer again to the same request of the same key', async () => {
    const stored = openPayment(request, earlier, 1_000);
    dynamo
      .on(TransactWriteCommand)
      .rejects(refusing({ payment: stored, balance: { available: 0 } }));

    expect(await accept(request, noon, 1_000)).toEqual({ payment: stored, replayed: true });
  });

  it('refuses another request under a key that was used', async () => {
    const stored = openPayment({ ...request, requestHash: 'another' }, earlier, 1_000);
    dynamo.on(TransactWriteCommand).rejects(refusing({ payment: stored }));

    const { data } = await refusalOf(accept(request, noon, 1_000));

    expect(data.code).toBe('idempotency-key-reused');
  });
});

describe('a refusal at accept, in order of precedence', () => {
  const poor = { available: 1 };
  const paying = { ...order, status: 'PAYING', activePaymentId: 'pay_0' };

  it.each<[string, Parameters<typeof refusing>[0], Partial<RefusalData>]>([
    [
      'another buyer’s order',
      { order: { ...order, userId: 'mallory' }, balance: poor },
      { code: 'order-not-found' },
    ],
    [
      'an order being paid',
      { order: paying, balance: poor, tea: {} },
      { code: 'payment-in-progress', paymentId: 'pay_0' },
    ],
    [
      'a cancelled order',
      { order: { ...order, status: 'CANCELLED' }, tea: {} },
      { code: 'order-not-payable' },
    ],
    ['a paid order', { order: { ...paying, status: 'COMPLETED' } }, { code: 'order-not-payable' }],
    [
      'a total that changed',
      { order: { ...order, total: 1 }, balance: poor },
      { code: 'total-changed' },
    ],
    [
      'too little balance',
      { balance: poor, tea: {} },
      { code: 'insufficient-balance', paymentId: 'pay_1' },
    ],
    ['too little stock', { cup: {} }, { code: 'out-of-stock', paymentId: 'pay_1' }],
  ])('for %s', async (_case, failed, expected) => {
    dynamo.on(TransactWriteCommand).rejectsOnce(refusing(failed)).resolves({});

    const { data } = await refusalOf(accept(request, noon, 1_000));

    expect(data).toMatchObject(expected);
  });

  it('names every sku that was short', async () => {
    dynamo
      .on(TransactWriteCommand)
      .rejectsOnce(refusing({ tea: {}, cup: {} }))
      .resolves({});

    const { data } = await refusalOf(accept(request, noon, 1_000));

    expect(data.errors?.map(({ sku }) => sku)).toEqual(['tea', 'cup']);
  });

  it('for want of stock is stored as a failed payment that holds nothing', async () => {
    dynamo
      .on(TransactWriteCommand)
      .rejectsOnce(refusing({ tea: {} }))
      .resolves({});

    await refusalOf(accept(request, noon, 1_000));

    expect(written(1)).toMatchObject([
      {
        Put: {
          TableName: 'Payments',
          Item: {
            paymentId: 'pay_1',
            status: 'FAILED',
            failure: { code: 'out-of-stock', skus: ['tea'] },
          },
        },
      },
    ]);
    expect(written(1)?.[0]?.Put?.Item).not.toHaveProperty('reservation');
  });

  it('for an order being paid is not stored', async () => {
    dynamo.on(TransactWriteCommand).rejectsOnce(refusing({ order: paying }));

    await refusalOf(accept(request, noon, 1_000));

    expect(dynamo.calls()).toHaveLength(1);
  });

  it('is given again to the same key, and marked as a replay', async () => {
    const failure = { code: 'out-of-stock', reason: 'There is not enough stock.', skus: ['tea'] };
    const stored = refusePayment(request, earlier, failure);
    dynamo.on(TransactWriteCommand).rejects(refusing({ payment: stored }));

    const refusal = await refusalOf(accept(request, noon, 1_000));

    expect(refusal).toMatchObject({ replayed: true, data: { code: 'out-of-stock' } });
    expect(refusal.data.errors?.map(({ sku }) => sku)).toEqual(['tea']);
  });
});

describe('an accept whose answer was lost', () => {
  const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

  it('is accepted if the payment is there', async () => {
    const stored = openPayment(request, noon, 1_000);
    dynamo.on(TransactWriteCommand).rejects(lost);
    dynamo.on(GetCommand).resolves({ Item: stored });

    expect(await accept(request, noon, 1_000)).toEqual({ payment: stored, replayed: false });
  });

  it('is an outage, with nothing stored, if it is not', async () => {
    dynamo.on(TransactWriteCommand).rejects(lost);
    dynamo.on(GetCommand).resolves({});

    await expect(accept(request, noon, 1_000)).rejects.toBeInstanceOf(Outage);
  });

  it('of a refusal is an outage where a second request of the key was faster', async () => {
    const winner = openPayment(request, noon, 1_000);
    dynamo
      .on(TransactWriteCommand)
      .rejectsOnce(refusing({ balance: {} }))
      .rejects(refusing({ payment: winner }));

    await expect(accept(request, noon, 1_000)).rejects.toBeInstanceOf(Outage);
  });

  it('is a defect, not an outage, where the request itself is at fault', async () => {
    const denied = Object.assign(new Error('not authorized'), {
      name: 'AccessDeniedException',
      $fault: 'client',
    });
    dynamo.on(TransactWriteCommand).rejects(denied);

    await expect(accept(request, noon, 1_000)).rejects.toBe(denied);
  });
});
