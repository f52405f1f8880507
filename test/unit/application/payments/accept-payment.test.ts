import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AcceptCommand } from '../../../../shared/application/payments/accept-payment.ts';
import type { Rejection } from '../../../../shared/domain/errors.ts';
import type { Order } from '../../../../shared/domain/orders/order.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import {
  accept,
  command,
  dynamo,
  order,
  paying,
  rejectionOf,
  resetStubs,
  stubRead,
  times,
  writesOfCall,
} from './accept-payment-harness.ts';

const max = Number.MAX_SAFE_INTEGER;

beforeEach(resetStubs);

describe('accept', () => {
  it('writes payment, order, balance and stock in one conditional transaction', async () => {
    const { payment, replayed } = await accept(command, noon, times);

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
            '#userId = :v5 AND #status = :v6 AND attribute_not_exists(#activePaymentId) AND #total = :v7 AND #expiresAt = :v8 AND #contentHash = :v9',
          ExpressionAttributeValues: {
            ':v0': 'PAYING',
            ':v6': 'PENDING_PAYMENT',
            ':v7': 2_500,
            ':v8': order.expiresAt,
            ':v9': order.contentHash,
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
            ':v0': -1_000,
            ':v1': 1_000,
            ':v2': 1_000,
            ':v3': max,
            ':v4': 0,
            ':v5': max - 1_000,
            ':v6': 0,
            ':v7': max - 1_000,
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

  it.each<[string, Partial<Order>, number | undefined]>([
    ['nothing is taken from it', {}, undefined],
    ['0 is taken from it', {}, 0],
    ['the coupon covers the order', { discount: 2_500, total: 0 }, undefined],
  ])('writes no balance if %s', async (_case, given, balanceAmount) => {
    stubRead('Orders', { ...order, ...given });

    const { payment } = await accept({ ...command, balanceAmount }, noon, times);

    expect(payment.gatewayAmount).toBe(payment.amount);
    expect(writesOfCall(0)?.map(({ Put, Update }) => (Put ?? Update)?.TableName)).toEqual([
      'Payments',
      'Orders',
      'Products',
      'Products',
    ]);
  });

  it.each([
    [1, 2_499],
    [2_500, 0],
  ])(
    'takes %i of 2,500 from the balance and leaves %i to the gateway',
    async (balanceAmount, gatewayAmount) => {
      const { payment } = await accept({ ...command, balanceAmount }, noon, times);

      expect(payment).toMatchObject({
        amount: 2_500,
        gatewayAmount,
        reservation: { balance: balanceAmount },
      });
      expect(writesOfCall(0)?.[2]?.Update?.ExpressionAttributeValues).toMatchObject({
        ':v0': -balanceAmount,
        ':v1': balanceAmount,
      });
    },
  );
});

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
    [
      'another total, before a part that exceeds it',
      order,
      { expectedAmount: 1, balanceAmount: 2_501 },
      { code: 'total-changed' },
    ],
    [
      'more from the balance than the total',
      order,
      { balanceAmount: 2_501 },
      {
        code: 'balance-exceeds-total',
        detail: "The order's total is 2500 KRW.",
        errors: [
          { pointer: '/balanceAmount', detail: 'This is more than the total of the order.' },
        ],
      },
    ],
    [
      'anything from the balance for an order that its coupon covers',
      { ...order, discount: 2_500, total: 0 },
      { balanceAmount: 1 },
      { code: 'balance-exceeds-total' },
    ],
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

    const { data } = await rejectionOf(accept({ ...command, ...other }, noon, times));

    expect(data).toMatchObject(expected);
    expect(dynamo.commandCalls(TransactWriteCommand)).toEqual([]);
  });

  it('throws if the order cannot be read and does not read the payment', async () => {
    const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    dynamo.on(GetCommand).rejects(lost);

    await expect(accept(command, noon, times)).rejects.toBe(lost);
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

    const { data } = await rejectionOf(accept(command, noon, times));

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

    const { data } = await rejectionOf(accept(command, noon, times));

    expect(data).toMatchObject({ code: 'payment-in-progress', paymentId: 'pay_0' });
  });
});
