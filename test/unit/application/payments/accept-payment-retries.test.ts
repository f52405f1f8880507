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
} from './accept-payment-harness.ts';

beforeEach(resetStubs);

describe('a key that has a payment', () => {
  const mine = openPayment(request, earlier, 1_000);
  const isMine = { activePaymentId: mine.paymentId };
  const missed = () => dynamo.on(TransactWriteCommand).rejects(failedConditions({ payment: mine }));

  it.each<[string, object | undefined]>([
    ['is being paid by it', { ...order, ...isMine, status: 'PAYING' }],
    ['was paid by it', { ...order, ...isMine, status: 'COMPLETED' }],
    ['was refunded', { ...order, ...isMine, status: 'REFUNDED' }],
    ['was cancelled', { ...order, status: 'CANCELLED' }],
    ['has expired', { ...order, expiresAt: earlier.toISOString() }],
    ['is not there any more', undefined],
  ])('gives its first answer again when the order %s', async (_case, read) => {
    stubRead('Orders', read);
    stubRead('Payments', mine);

    expect(await accept(command, noon, 1_000)).toEqual({ payment: mine, replayed: true });
    expect(dynamo.commandCalls(TransactWriteCommand)).toEqual([]);
  });

  it('returns the payment that a concurrent request stored first', async () => {
    missed();

    expect(await accept(command, noon, 1_000)).toEqual({ payment: mine, replayed: true });
  });

  it('gives it again to one that came at the same moment', async () => {
    const faster = openPayment({ ...request, traceparent: 'another' }, noon, 1_000);
    dynamo.on(TransactWriteCommand).rejects(failedConditions({ payment: faster }));

    expect(await accept(command, noon, 1_000)).toMatchObject({ replayed: true });
  });

  it('gives it again to one that met others at its writes until it gave up', async () => {
    dynamo.on(TransactWriteCommand).rejects(conflict);
    stubRead('Payments', mine);

    expect(await accept(command, noon, 1_000)).toEqual({ payment: mine, replayed: true });
  });

  it('outranks an empty wallet and an empty shelf', async () => {
    const fails = {
      payment: mine,
      order: {},
      balance: aBalance({ available: 0 }),
      tea: aProduct({ sku: 'tea', available: 0 }),
    };
    dynamo.on(TransactWriteCommand).rejects(failedConditions(fails));

    expect(await accept(command, noon, 1_000)).toEqual({ payment: mine, replayed: true });
  });

  it.each<[string, Partial<AcceptCommand>, object | undefined]>([
    ['the same order, which may not be paid', {}, { ...order, ...isMine, status: 'PAYING' }],
    ['the same order, which may be paid', {}, order],
    ['another total', { expectedAmount: 1 }, { ...order, ...isMine, status: 'PAYING' }],
    ['an order that is not there', { orderId: 'ord_0' }, undefined],
  ])('is refused another request, of %s', async (_case, other, read) => {
    missed();
    stubRead('Orders', read);
    stubRead('Payments', mine);
    const another = { ...command, ...other, requestHash: 'another' };

    const { data, replayed } = await rejectionOf(accept(another, noon, 1_000));

    expect({ ...data, replayed }).toMatchObject({
      code: 'idempotency-key-reused',
      replayed: false,
    });
  });
});

describe('an accept that meets others at its writes', () => {
  it('tries again, and says nothing of conditions that nobody has looked at', async () => {
    dynamo.on(TransactWriteCommand).rejectsOnce(conflict).resolves({});

    expect(await accept(command, noon, 1_000)).toMatchObject({ replayed: false });
  });

  it('is an outage after its last try, with nothing stored', async () => {
    dynamo.on(TransactWriteCommand).rejects(conflict);

    await expect(accept(command, noon, 1_000)).rejects.toBeInstanceOf(ServiceUnavailableError);
    expect(dynamo.commandCalls(TransactWriteCommand)).toHaveLength(3);
  });

  it('for want of money is answered as the faster request of its key, whatever that was', async () => {
    const winner = openPayment(request, earlier, 1_000);
    dynamo
      .on(TransactWriteCommand)
      .rejectsOnce(failedConditions({ balance: aBalance({ available: 0 }) }))
      .rejects(failedConditions({ payment: winner }));

    expect(await accept(command, noon, 1_000)).toEqual({ payment: winner, replayed: true });
  });
});

describe('an accept whose answer was lost', () => {
  const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

  it('returns accepted if the payment is stored', async () => {
    const payment = openPayment(request, noon, 1_000);
    dynamo.on(TransactWriteCommand).rejects(lost);
    stubRead('Payments', payment);

    expect(await accept(command, noon, 1_000)).toEqual({ payment, replayed: false });
  });

  it('is an outage, with nothing stored, if it is not', async () => {
    dynamo.on(TransactWriteCommand).rejects(lost);

    await expect(accept(command, noon, 1_000)).rejects.toBe(lost);
  });

  it('of a refusal is that refusal, if it is there', async () => {
    const failure = { code: 'insufficient-balance', reason: 'The balance is too small.' };
    dynamo
      .on(TransactWriteCommand)
      .rejectsOnce(failedConditions({ balance: aBalance({ available: 0 }) }))
      .rejects(lost);
    stubRead('Payments', rejectPayment(request, noon, failure));

    const { data, replayed } = await rejectionOf(accept(command, noon, 1_000));

    expect({ ...data, replayed }).toMatchObject({ code: 'insufficient-balance', replayed: false });
  });

  it('of a refusal that is not there is an outage', async () => {
    dynamo
      .on(TransactWriteCommand)
      .rejectsOnce(failedConditions({ balance: aBalance({ available: 0 }) }))
      .rejects(lost);

    await expect(accept(command, noon, 1_000)).rejects.toBe(lost);
  });

  it('is a defect, not an outage, where the request itself is at fault', async () => {
    const denied = Object.assign(new Error('not authorized'), {
      name: 'AccessDeniedException',
      $fault: 'client',
    });
    dynamo.on(TransactWriteCommand).rejects(denied);

    await expect(accept(command, noon, 1_000)).rejects.toBe(denied);
  });
});
