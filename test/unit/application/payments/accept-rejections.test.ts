import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Rejection } from '../../../../shared/domain/errors.ts';
import { rejectPayment } from '../../../../shared/domain/payments/open-payment.ts';
import { aBalance, aProduct, noon } from '../../../support/builders/builders.ts';
import { aStoredRejection } from '../../../support/builders/payment-history.ts';
import {
  accept,
  command,
  dynamo,
  earlier,
  failedConditions,
  order,
  paying,
  rejectionOf,
  request,
  resetStubs,
  stubRead,
  times,
  writesOfCall,
} from './accept-payment-harness.ts';

beforeEach(resetStubs);

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
      {
        code: 'insufficient-balance',
        detail: 'The balance does not cover 1000 KRW.',
        paymentId: 'pay_1',
      },
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

    const { data } = await rejectionOf(accept(command, noon, times));

    expect(data).toMatchObject(expected);
  });

  it('names every sku without enough stock', async () => {
    dynamo.on(TransactWriteCommand).rejectsOnce(failedConditions({ tea, cup })).resolves({});

    const { data } = await rejectionOf(accept(command, noon, times));

    expect(data.errors?.map(({ sku }) => sku)).toEqual(['tea', 'cup']);
  });

  it('stores out-of-stock as an ended payment without a reservation, and cancels the order', async () => {
    dynamo.on(TransactWriteCommand).rejectsOnce(failedConditions({ tea })).resolves({});

    await rejectionOf(accept(command, noon, times));

    expect(writesOfCall(1)).toMatchObject([
      {
        Put: {
          TableName: 'Payments',
          Item: {
            paymentId: 'pay_1',
            status: 'COMPENSATED',
            failure: { code: 'out-of-stock', skus: ['tea'] },
          },
        },
      },
      { Update: { TableName: 'Orders', Key: { orderId: order.orderId } } },
    ]);
    expect(writesOfCall(1)?.[0]?.Put?.Item).not.toHaveProperty('reservation');
    expect(writesOfCall(1)?.[0]?.Put?.Item).not.toHaveProperty('dueAt');
  });

  it('stores nothing for an order being paid', async () => {
    dynamo.on(TransactWriteCommand).rejectsOnce(failedConditions({ order: paying }));

    await rejectionOf(accept(command, noon, times));

    expect(dynamo.commandCalls(TransactWriteCommand)).toHaveLength(1);
  });

  it('returns a stored rejection again and marks it as replayed', async () => {
    const failure = { code: 'out-of-stock', reason: 'There is not enough stock.', skus: ['tea'] };
    const payment = rejectPayment(request, earlier, failure);
    dynamo.on(TransactWriteCommand).rejects(failedConditions({ payment }));

    const rejection = await rejectionOf(accept(command, noon, times));

    expect(rejection).toMatchObject({ replayed: true, data: { code: 'out-of-stock' } });
    expect(rejection.data.errors?.map(({ sku }) => sku)).toEqual(['tea']);
  });

  it('returns the rejection of a payment that an earlier version stored', async () => {
    const failure = { code: 'out-of-stock', reason: 'There is not enough stock.', skus: ['tea'] };
    const payment = aStoredRejection(rejectPayment(request, earlier, failure));
    stubRead('Orders', { ...order, status: 'CANCELLED' });
    stubRead('Payments', payment);

    expect(await rejectionOf(accept(command, noon, times))).toMatchObject({
      replayed: true,
      data: { code: 'out-of-stock' },
    });
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

      const { data } = await rejectionOf(accept(command, noon, times));

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

      const { data } = await rejectionOf(accept(command, noon, times));

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

      const { data } = await rejectionOf(accept(command, noon, times));

      expect(data.code).toBe('order-not-payable');
      expect(dynamo.commandCalls(TransactWriteCommand)).toEqual([]);
    },
  );
});
