import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AcceptCommand } from '../../../../shared/application/payments/accept-payment.ts';
import { ServiceUnavailableError } from '../../../../shared/domain/errors.ts';
import { openPayment, rejectPayment } from '../../../../shared/domain/payments/open-payment.ts';
import { aBalance, aProduct, noon } from '../../../support/builders/builders.ts';
import {
  accept,
  command,
  conflict,
  dynamo,
  earlier,
  failedConditions,
  order,
  rejectionOf,
  request,
  resetStubs,
  stubRead,
  times,
} from './accept-payment-harness.ts';

beforeEach(resetStubs);

describe('accept with a used key', () => {
  const storedPayment = openPayment(request, earlier, 1_000);
  const heldByPayment = { activePaymentId: storedPayment.paymentId };
  const failPaymentWrite = () =>
    dynamo.on(TransactWriteCommand).rejects(failedConditions({ payment: storedPayment }));

  it.each<[string, object | undefined]>([
    ['is being paid by it', { ...order, ...heldByPayment, status: 'PAYING' }],
    ['was paid by it', { ...order, ...heldByPayment, status: 'COMPLETED' }],
    ['was refunded', { ...order, ...heldByPayment, status: 'REFUNDED' }],
    ['was cancelled', { ...order, status: 'CANCELLED' }],
    ['has expired', { ...order, expiresAt: earlier.toISOString() }],
    ['no longer exists', undefined],
  ])('returns the first result again if the order %s', async (_case, read) => {
    stubRead('Orders', read);
    stubRead('Payments', storedPayment);

    expect(await accept(command, noon, times)).toEqual({ payment: storedPayment, replayed: true });
    expect(dynamo.commandCalls(TransactWriteCommand)).toEqual([]);
  });

  it('returns the payment that a concurrent request stored first', async () => {
    failPaymentWrite();

    expect(await accept(command, noon, times)).toEqual({ payment: storedPayment, replayed: true });
  });

  it('returns the stored payment to a concurrent request of the same instant', async () => {
    const earlierPayment = openPayment({ ...request, traceparent: 'another' }, noon, 1_000);
    dynamo.on(TransactWriteCommand).rejects(failedConditions({ payment: earlierPayment }));

    expect(await accept(command, noon, times)).toMatchObject({ replayed: true });
  });

  it('returns the stored payment after the last transaction conflict', async () => {
    dynamo.on(TransactWriteCommand).rejects(conflict);
    stubRead('Payments', storedPayment);

    expect(await accept(command, noon, times)).toEqual({ payment: storedPayment, replayed: true });
  });

  it('prefers the stored payment to a lack of balance or stock', async () => {
    const failures = {
      payment: storedPayment,
      order: {},
      balance: aBalance({ available: 0 }),
      tea: aProduct({ sku: 'tea', available: 0 }),
    };
    dynamo.on(TransactWriteCommand).rejects(failedConditions(failures));

    expect(await accept(command, noon, times)).toEqual({ payment: storedPayment, replayed: true });
  });

  it.each<[string, Partial<AcceptCommand>, object | undefined]>([
    ['the same order, which is not payable', {}, { ...order, ...heldByPayment, status: 'PAYING' }],
    ['the same order, which is payable', {}, order],
    ['another total', { expectedAmount: 1 }, { ...order, ...heldByPayment, status: 'PAYING' }],
    ['an order that does not exist', { orderId: 'ord_0' }, undefined],
  ])('rejects another request with the same key, for %s', async (_case, other, read) => {
    failPaymentWrite();
    stubRead('Orders', read);
    stubRead('Payments', storedPayment);
    const another = { ...command, ...other, requestHash: 'another' };

    const { data, replayed } = await rejectionOf(accept(another, noon, times));

    expect({ ...data, replayed }).toMatchObject({
      code: 'idempotency-key-reused',
      replayed: false,
    });
  });
});

describe('accept with transaction conflicts', () => {
  it('retries and reports no conditions that were not evaluated', async () => {
    dynamo.on(TransactWriteCommand).rejectsOnce(conflict).resolves({});

    expect(await accept(command, noon, times)).toMatchObject({ replayed: false });
  });

  it('throws ServiceUnavailableError after the last attempt', async () => {
    dynamo.on(TransactWriteCommand).rejects(conflict);

    await expect(accept(command, noon, times)).rejects.toBeInstanceOf(ServiceUnavailableError);
    expect(dynamo.commandCalls(TransactWriteCommand)).toHaveLength(3);
  });

  it('returns the result of a faster request instead of insufficient-balance', async () => {
    const winner = openPayment(request, earlier, 1_000);
    dynamo
      .on(TransactWriteCommand)
      .rejectsOnce(failedConditions({ balance: aBalance({ available: 0 }) }))
      .rejects(failedConditions({ payment: winner }));

    expect(await accept(command, noon, times)).toEqual({ payment: winner, replayed: true });
  });
});

describe('accept after a lost response', () => {
  const connectionLost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

  it('returns accepted if the payment is stored', async () => {
    const payment = openPayment(request, noon, 1_000);
    dynamo.on(TransactWriteCommand).rejects(connectionLost);
    stubRead('Payments', payment);

    expect(await accept(command, noon, times)).toEqual({ payment, replayed: false });
  });

  it('throws the error if the payment is not stored', async () => {
    dynamo.on(TransactWriteCommand).rejects(connectionLost);

    await expect(accept(command, noon, times)).rejects.toBe(connectionLost);
  });

  it('returns the rejection if the rejected payment is stored', async () => {
    const failure = { code: 'insufficient-balance', reason: 'The balance is too small.' };
    dynamo
      .on(TransactWriteCommand)
      .rejectsOnce(failedConditions({ balance: aBalance({ available: 0 }) }))
      .rejects(connectionLost);
    stubRead('Payments', rejectPayment(request, noon, failure));

    const { data, replayed } = await rejectionOf(accept(command, noon, times));

    expect({ ...data, replayed }).toMatchObject({ code: 'insufficient-balance', replayed: false });
  });

  it('throws the error if the rejected payment is not stored', async () => {
    dynamo
      .on(TransactWriteCommand)
      .rejectsOnce(failedConditions({ balance: aBalance({ available: 0 }) }))
      .rejects(connectionLost);

    await expect(accept(command, noon, times)).rejects.toBe(connectionLost);
  });

  it('throws a client error unchanged', async () => {
    const denied = Object.assign(new Error('not authorized'), {
      name: 'AccessDeniedException',
      $fault: 'client',
    });
    dynamo.on(TransactWriteCommand).rejects(denied);

    await expect(accept(command, noon, times)).rejects.toBe(denied);
  });
});
