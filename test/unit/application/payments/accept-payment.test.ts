import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AcceptCommand } from '../../../../shared/application/payments/accept-payment.ts';
import type { Rejection } from '../../../../shared/domain/errors.ts';
import type { Order } from '../../../../shared/domain/orders/order.ts';
import { rejectPayment } from '../../../../shared/domain/payments/open-payment.ts';
import { aBalance, aPayment, aProduct, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import {
  accept,
  command,
  dynamo,
  earlier,
  failedConditions,
  order,
  rejectionOf,
  request,
  resetStubs,
  stubRead,
  writesOfCall,
} from './accept-payment-harness.ts';

const max = Number.MAX_SAFE_INTEGER;

beforeEach(resetStubs);

describe('accept', () => {
  it('writes payment, order, balance and stock in one conditional transaction', async () => {
    const { payment, replayed } = await accept(command, noon, 1_000);

    expect(replayed).toBe(false);
    expect(dynamo.calls().map(({ args }) => args[0].constructor.name)).toEqual([
      GetCommand.name,
      TransactWriteCommand.name,
    ]);
    expect(writesOfCall(0)).toMatchObject([
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
            '#userId = :v5 AND #status = :v6 AND attribute_not_exists(#activePaymentId) AND #total = :v7 AND #expiresAt = :v8',
          ExpressionAttributeValues: {
            ':v0': 'PAYING',
            ':v6': 'PENDING_PAYMENT',
            ':v7': 2_500,
            ':v8': order.expiresAt,
          },
        },
      },
      {
        Update: {
          TableName: 'Balances',
          Key: { userId: order.userId },
          UpdateExpression: 'ADD #available :v0, #held :v1',
          ConditionExpression:
            '#available BETWEEN :v2 AND :v3 AND #held BETWEEN :v4 AND :v5 AND #spent BETWEEN :v6 AND :v7 AND #currency = :v8',
          ExpressionAttributeValues: {
            ':v0': -2_500,
            ':v1': 2_500,
            ':v2': 2_500,
            ':v3': max,
            ':v4': 0,
            ':v5': max - 2_500,
            ':v6': 0,
            ':v7': max - 2_500,
            ':v8': 'KRW',
          },
        },
      },
      {
        Update: {
          TableName: 'Products',
          Key: { sku: 'tea' },
          ConditionExpression:
            '#available BETWEEN :v2 AND :v3 AND #reserved BETWEEN :v4 AND :v5 AND #sold BETWEEN :v6 AND :v7',
          ExpressionAttributeValues: { ':v5': max - 2, ':v7': max - 2 },
        },
      },
      { Update: { TableName: 'Products', Key: { sku: 'cup' } } },
    ]);
  });

  it('writes no balance if the coupon covers the order', async () => {
    const free: Order = { ...order, discount: order.subtotal, total: 0 };

    stubRead('Orders', free);

    await accept(command, noon, 1_000);

    expect(writesOfCall(0)?.map(({ Put, Update }) => (Put ?? Update)?.TableName)).toEqual([
      'Payments',
      'Orders',
      'Products',
      'Products',
    ]);
  });
});

const paying = { ...order, status: 'PAYING', activePaymentId: 'pay_0' };

describe('accept rejection by the order as read', () => {
  it.each<[string, object | undefined, Partial<AcceptCommand>, Partial<Rejection>]>([
    ['a missing order', undefined, {}, { code: 'order-not-found' }],
    [
      'another buyer’s order',
      { ...paying, userId: 'mallory' },
      { expectedAmount: 1 },
      { code: 'order-not-found' },
    ],
    ['another total', paying, { expectedAmount: 1 }, { code: 'total-changed' }],
    ['an order being paid', paying, {}, { code: 'payment-in-progress', paymentId: 'pay_0' }],
    ['a paid order', { ...paying, status: 'COMPLETED' }, {}, { code: 'order-not-payable' }],
    ['a cancelled order', { ...order, status: 'CANCELLED' }, {}, { code: 'order-not-payable' }],
    [
      'an order that expires at this instant, with any total',
      { ...order, expiresAt: noon.toISOString() },
      { expectedAmount: 1 },
      { code: 'order-expired' },
    ],
    [
      'an order that expired, with an expiry in another time zone',
      { ...order, expiresAt: '2026-03-14T20:59:59.999+09:00' },
      {},
      { code: 'order-expired' },
    ],
    [
      'an order with an unreadable expiry',
      { ...order, expiresAt: 'soon' },
      {},
      { code: 'order-expired' },
    ],
    [
      'an expired order that the sweeper has cancelled',
      { ...order, status: 'CANCELLED', cancelReason: 'expired' },
      {},
      { code: 'order-expired' },
    ],
  ])('rejects %s and writes nothing', async (_case, read, other, expected) => {
    stubRead('Orders', read);

    const { data } = await rejectionOf(accept({ ...command, ...other }, noon, 1_000));

    expect(data).toMatchObject(expected);
    expect(dynamo.commandCalls(TransactWriteCommand)).toEqual([]);
  });

  it('throws if the order cannot be read and does not read the payment', async () => {
    const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    dynamo.on(GetCommand).rejects(lost);

    await expect(accept(command, noon, 1_000)).rejects.toBe(lost);
    expect(dynamo.calls()).toHaveLength(1);
  });
});

describe('accept for an order that another payment holds', () => {
  const pay0 = aPayment({ order, paymentId: 'pay_0' });
  const stubHolder = (payment: object | undefined) => {
    stubRead('Orders', paying);
    dynamo
      .on(GetCommand, { TableName: 'Payments', Key: { paymentId: 'pay_0' } })
      .resolves({ Item: payment });
  };

  it.each([
    ['FAILED', afterTransitions(pay0, 'claimed', 'declined')],
    ['COMPENSATED', afterTransitions(pay0, 'claimed', 'declined', 'compensated')],
    ['LATE_CAPTURED', afterTransitions(pay0, 'claimed', 'declined', 'lateCaptured')],
  ])('rejects with being-released if the other payment is %s', async (_status, payment) => {
    stubHolder(payment);

    const { data } = await rejectionOf(accept(command, noon, 1_000));

    expect(data).toEqual({
      code: 'being-released',
      detail: expect.any(String),
      retryAfterSeconds: 1,
    });
  });

  it.each([
    ['is in progress', afterTransitions(pay0, 'claimed')],
    ['failed and is under review', afterTransitions(pay0, 'claimed', 'declined', 'reviewOpened')],
    ['does not exist', undefined],
  ])('rejects with payment-in-progress if the other payment %s', async (_case, payment) => {
    stubHolder(payment);

    const { data } = await rejectionOf(accept(command, noon, 1_000));

    expect(data).toMatchObject({ code: 'payment-in-progress', paymentId: 'pay_0' });
  });
});

const smallBalance = aBalance({ available: 1 });
const [tea, cup] = ['tea', 'cup'].map((sku) => aProduct({ sku, available: 0 }));

describe('accept rejection in order of precedence', () => {
  it.each<[string, Parameters<typeof failedConditions>[0], Partial<Rejection>]>([
    [
      'another buyer’s order',
      { order: { ...order, userId: 'mallory' }, balance: smallBalance },
      { code: 'order-not-found' },
    ],
    [
      'an order being paid',
      { order: paying, balance: smallBalance, tea },
      { code: 'payment-in-progress', paymentId: 'pay_0' },
    ],
    [
      'a cancelled order',
      { order: { ...order, status: 'CANCELLED' }, tea },
      { code: 'order-not-payable' },
    ],
    ['a paid order', { order: { ...paying, status: 'COMPLETED' } }, { code: 'order-not-payable' }],
    [
      'an order that is stored as expired',
      { order: { ...order, expiresAt: noon.toISOString() }, balance: smallBalance },
      { code: 'order-expired' },
    ],
    [
      'a total that changed',
      { order: { ...order, total: 1 }, balance: smallBalance },
      { code: 'total-changed' },
    ],
    [
      'too little balance',
      { balance: smallBalance, tea },
      { code: 'insufficient-balance', paymentId: 'pay_1' },
    ],
    [
      'a balance in another currency',
      { balance: { ...smallBalance, currency: 'USD' } },
      {
        code: 'insufficient-balance',
        detail: 'The balance is in USD, and the order in KRW.',
        paymentId: 'pay_1',
      },
    ],
    ['too little stock', { cup }, { code: 'out-of-stock', paymentId: 'pay_1' }],
  ])('rejects %s', async (_case, failed, expected) => {
    dynamo.on(TransactWriteCommand).rejectsOnce(failedConditions(failed)).resolves({});

    const { data } = await rejectionOf(accept(command, noon, 1_000));

    expect(data).toMatchObject(expected);
  });

  it('names every sku without enough stock', async () => {
    dynamo.on(TransactWriteCommand).rejectsOnce(failedConditions({ tea, cup })).resolves({});

    const { data } = await rejectionOf(accept(command, noon, 1_000));

    expect(data.errors?.map(({ sku }) => sku)).toEqual(['tea', 'cup']);
  });

  it('stores out-of-stock as a failed payment without a reservation', async () => {
    dynamo.on(TransactWriteCommand).rejectsOnce(failedConditions({ tea })).resolves({});

    await rejectionOf(accept(command, noon, 1_000));

    expect(writesOfCall(1)).toMatchObject([
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
    expect(writesOfCall(1)?.[0]?.Put?.Item).not.toHaveProperty('reservation');
  });

  it('stores nothing for an order being paid', async () => {
    dynamo.on(TransactWriteCommand).rejectsOnce(failedConditions({ order: paying }));

    await rejectionOf(accept(command, noon, 1_000));

    expect(dynamo.commandCalls(TransactWriteCommand)).toHaveLength(1);
  });

  it('returns a stored rejection again and marks it as replayed', async () => {
    const failure = { code: 'out-of-stock', reason: 'There is not enough stock.', skus: ['tea'] };
    const payment = rejectPayment(request, earlier, failure);
    dynamo.on(TransactWriteCommand).rejects(failedConditions({ payment }));

    const rejection = await rejectionOf(accept(command, noon, 1_000));

    expect(rejection).toMatchObject({ replayed: true, data: { code: 'out-of-stock' } });
    expect(rejection.data.errors?.map(({ sku }) => sku)).toEqual(['tea']);
  });
});

describe('accept with invalid numbers', () => {
  const sold = aProduct({ sku: 'tea' });

  it.each([
    ['a negative held amount', { held: -9_000 }, 'held'],
    ['a fractional amount', { available: 0.5 }, 'available'],
    ['an amount as text', { available: '10000' }, 'available'],
    ['an amount beyond 2^53 - 1', { available: 9_007_199_254_740_993n }, 'available'],
    ['no spent column', { spent: undefined }, 'spent'],
  ])(
    'rejects a balance with %s, names the field and stores nothing',
    async (_what, invalid, field) => {
      dynamo
        .on(TransactWriteCommand)
        .rejects(failedConditions({ balance: { ...smallBalance, ...invalid } }));

      const { data } = await rejectionOf(accept(command, noon, 1_000));

      expect(data).toEqual({
        code: 'balance-not-usable',
        detail: `The balance is not valid as stored: ${field}.`,
      });
      expect(dynamo.commandCalls(TransactWriteCommand)).toHaveLength(1);
    },
  );

  it.each([
    ['a negative reserved quantity', { reserved: -1 }, 'reserved'],
    ['a fractional stock', { available: 0.5 }, 'available'],
    ['a stock as text', { available: '5' }, 'available'],
  ])(
    'rejects products with %s, names the field and stores nothing',
    async (_what, invalid, field) => {
      const failed = { tea: { ...sold, ...invalid }, cup: { ...sold, sku: 'cup', ...invalid } };
      dynamo.on(TransactWriteCommand).rejects(failedConditions(failed));

      const { data } = await rejectionOf(accept(command, noon, 1_000));

      expect(data).toMatchObject({
        code: 'product-not-sellable',
        errors: [
          { sku: 'tea', detail: `The product "tea" is not valid as stored: ${field}.` },
          { sku: 'cup', detail: `The product "cup" is not valid as stored: ${field}.` },
        ],
      });
      expect(dynamo.commandCalls(TransactWriteCommand)).toHaveLength(1);
    },
  );

  it.each([-9_000, 2_999.5, 2 ** 53, '2500', undefined])(
    'rejects an order stored with a total of %j and writes nothing',
    async (total) => {
      stubRead('Orders', { ...order, total });

      const { data } = await rejectionOf(accept(command, noon, 1_000));

      expect(data.code).toBe('order-not-payable');
      expect(dynamo.commandCalls(TransactWriteCommand)).toEqual([]);
    },
  );
});
