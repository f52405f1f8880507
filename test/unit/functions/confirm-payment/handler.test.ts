import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { aWaitingPayment } from '../../../support/builders/waiting-payment.ts';
import { createConfirmHarness } from './harness.ts';

const reserved = afterTransitions(aWaitingPayment(), 'confirmed');
const notConfirmable = { status: 409, body: { code: 'payment-not-confirmable' } };

describe('confirm a payment that waits for a payment method', () => {
  it('stores the method and hands the payment to the charger', async () => {
    const { confirm, stored, world } = createConfirmHarness(aWaitingPayment());

    const answer = await confirm({
      body: { paymentMethod: 'sim_approve', returnUrl: 'https://shop.example/paid' },
    });

    expect(answer).toMatchObject({
      status: 202,
      headers: { location: '../../payments/pay_1', 'retry-after': '1' },
      body: { paymentId: 'pay_1', orderId: 'ord_1', amount: 5_000, status: 'PENDING' },
    });
    expect(answer.body).not.toHaveProperty('nextAction');
    expect(stored()).toMatchObject({
      status: 'RESERVED',
      version: 2,
      paymentMethod: 'sim_approve',
      returnUrl: 'https://shop.example/paid',
      dueAt: new Date(world.now.getTime() + timings.local.unclaimedTimeoutMs).toISOString(),
      confirmations: [{ id: expect.stringMatching(/^cnf_/) }],
      reservation: aWaitingPayment().reservation,
    });
    expect(world.inquiries).toEqual([]);
  });

  it('keeps the attempt that a decline has counted', async () => {
    const { confirm, stored } = createConfirmHarness(
      aWaitingPayment({ attempt: 3, failure: { code: 'card-declined', reason: 'no' } }),
    );

    await confirm();

    expect(stored()).toMatchObject({ status: 'RESERVED', attempt: 3 });
    expect(stored()).not.toHaveProperty('failure');
  });

  it('requires a payment method, and names the field', async () => {
    const { confirm, stored } = createConfirmHarness(aWaitingPayment());

    expect(await confirm({ body: {} })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request', errors: [{ pointer: '/paymentMethod' }] },
    });
    expect(stored()).toEqual(aWaitingPayment());
  });

  it.each([
    [{ paymentMethod: '4242424242424242' }, 422, 'card-number-refused', '/paymentMethod'],
    [{ paymentMethod: 'pm_1' }, 400, 'invalid-request', '/paymentMethod'],
    [
      { paymentMethod: 'sim_approve', returnUrl: 'https://elsewhere.example/' },
      422,
      'return-url-not-allowed',
      '/returnUrl',
    ],
  ])('rejects %j and changes nothing', async (body, status, code, pointer) => {
    const { confirm, stored } = createConfirmHarness(aWaitingPayment());

    expect(await confirm({ body })).toMatchObject({
      status,
      body: { code, errors: [{ pointer }] },
    });
    expect(stored()).toEqual(aWaitingPayment());
  });

  it.each([
    ['the hold has ended', {}, timings.local.holdExpiryMs, 'not-confirmed-in-time'],
    ['it was cancelled', { cancelRequestedAt: noon.toISOString() }, 1, 'cancelled-by-buyer'],
  ])('releases the payment and rejects the request once %s', async (_when, given, ms, code) => {
    const { world, confirm, stored } = createConfirmHarness(aWaitingPayment(given));
    world.now = new Date(noon.getTime() + ms);

    expect(await confirm()).toMatchObject(notConfirmable);

    expect(stored()).toMatchObject({
      status: 'FAILED',
      failure: { code },
      history: [{}, { by: 'confirm-payment' }],
    });
    expect(stored()).not.toHaveProperty('paymentMethod');
    expect(await confirm({ key: 'k-2' })).toMatchObject(notConfirmable);
  });

  it.each([
    ['another buyer', { buyer: 'bob' }],
    ['an unknown id', { paymentId: 'pay_2' }],
  ])('is not found for %s', async (_whose, options) => {
    const { confirm, stored } = createConfirmHarness(aWaitingPayment());

    expect(await confirm(options)).toMatchObject({
      status: 404,
      body: { code: 'payment-not-found' },
    });
    expect(stored()).toEqual(aWaitingPayment());
  });
});

describe('confirm a payment whose buyer is back', () => {
  const waiting = afterTransitions(reserved, 'claimed', 'actionRequired');

  it('requests an inquiry and changes nothing', async () => {
    const { world, confirm, stored } = createConfirmHarness(waiting);

    const answer = await confirm({ body: {} });

    expect(answer).toMatchObject({
      status: 202,
      body: {
        status: 'REQUIRES_ACTION',
        nextAction: { type: 'redirect', url: waiting.action?.url },
      },
    });
    expect(world.inquiries).toEqual(['pay_1']);
    expect(stored()).toEqual(waiting);
  });

  it('takes no payment method while the attempt is not conclusive', async () => {
    const { world, confirm, stored } = createConfirmHarness(waiting);

    expect(await confirm()).toMatchObject(notConfirmable);
    expect(world.inquiries).toEqual([]);
    expect(stored()).toEqual(waiting);
  });
});

describe('confirm a payment that does not wait for its buyer', () => {
  it.each<[string, Payment]>([
    ['RESERVED', reserved],
    ['CHARGING', afterTransitions(reserved, 'claimed')],
    ['UNKNOWN', afterTransitions(reserved, 'claimed', 'outcomeUnknown')],
    ['COMPLETED', afterTransitions(reserved, 'claimed', 'captured')],
    ['FAILED', afterTransitions(reserved, 'claimed', 'declined')],
    ['IN_REVIEW', afterTransitions(reserved, 'claimed', 'reviewOpened')],
  ])('is rejected in %s, with and without a payment method', async (_status, payment) => {
    const { world, confirm, stored } = createConfirmHarness(payment);

    expect(await confirm()).toMatchObject(notConfirmable);
    expect(await confirm({ key: 'k-2', body: {} })).toMatchObject(notConfirmable);
    expect(stored()).toEqual(payment);
    expect(world.inquiries).toEqual([]);
  });
});
