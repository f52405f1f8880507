import { describe, expect, it } from 'vitest';
import { api } from '../support/stack/api-client.ts';
import {
  methodFromWindow,
  nextActionOf,
  pressOnPage,
  shopPage,
} from '../support/stack/buyer-pages.ts';
import {
  aPaymentOfBothTenders,
  paidEnd,
  returnedEnd,
  waitForEnd,
} from '../support/stack/checkout-fixtures.ts';
import { pg } from '../support/stack/external-systems.ts';
import { storedPayment } from '../support/stack/repositories.ts';

/** A payment that waits for another payment method after each decline. */
const aKeptPayment = (paymentMethod: string | null) =>
  aPaymentOfBothTenders({ paymentMethod, onDecline: 'keep', returnUrl: shopPage });

type KeptPayment = Awaited<ReturnType<typeof aKeptPayment>>;

/** Waits until the payment asks for the method of an attempt from the second on, and returns its reference. */
const waitForAttempt = async (payment: KeptPayment, attempt: number) => {
  const reference = `${payment.paymentId}-${attempt}`;

  return nextActionOf(payment, { type: 'provide-payment-method', reference });
};

/** What is captured by an attempt. */
const capturedBy = async (reference: string) =>
  (await pg.chargesOf(reference)).charges.map(({ amount }) => amount);

/** The end of a payment by a later attempt: the first reference has captured nothing. */
const paidByAnother = { ...paidEnd, captured: [] };

describe.concurrent('a declined payment with onDecline keep', () => {
  it('is paid by another method on the same order, under a reference of its own', async () => {
    const payment = await aKeptPayment('sim_decline');
    const { url, reference } = await waitForAttempt(payment, 2);
    expect((await api.payment(payment)).body).toMatchObject({
      status: 'REQUIRES_ACTION',
      failure: { code: 'insufficient-funds' },
    });
    expect((await storedPayment(payment.paymentId)).status).toBe('REQUIRES_METHOD');
    await waitForEnd(payment, {
      ...{ payment: 'REQUIRES_METHOD', order: 'PAYING', stock: 6, captured: [], refunded: [] },
      money: { available: 5_000, held: 5_000, spent: 0 },
    });

    await api.confirm(payment, { paymentMethod: await methodFromWindow(url) });

    await waitForEnd(payment, paidByAnother);
    expect(await capturedBy(reference)).toEqual([7_000]);
    expect(await storedPayment(payment.paymentId)).toMatchObject({ attempt: 2 });
    expect((await api.payment(payment)).body).not.toHaveProperty('failure');
  });

  it('refunds what a later attempt has captured', async () => {
    const payment = await aKeptPayment('sim_decline');
    const { url, reference } = await waitForAttempt(payment, 2);
    await api.confirm(payment, { paymentMethod: await methodFromWindow(url) });
    await waitForEnd(payment, paidByAnother);

    expect(await api.refunded(payment, { amount: 8_000 })).toMatchObject({
      status: 'SUCCEEDED',
      gatewayAmount: 7_000,
      balanceAmount: 1_000,
    });

    const { refunds } = await pg.chargesOf(reference);
    expect(refunds.map(({ amount }) => amount)).toEqual([7_000]);
  });

  it('refuses the method of the declined attempt: the window bound it to that', async () => {
    const payment = await aKeptPayment(null);
    const { url } = await nextActionOf(payment, { type: 'provide-payment-method' });
    const early = await methodFromWindow(url);
    await api.confirm(payment, { paymentMethod: await methodFromWindow(url, 'sim_decline') });
    await waitForAttempt(payment, 2);

    await api.confirm(payment, { paymentMethod: early });

    const { url: third, reference } = await waitForAttempt(payment, 3);
    expect((await api.payment(payment)).body).toMatchObject({
      failure: { code: 'method-not-supported' },
    });
    await api.confirm(payment, { paymentMethod: await methodFromWindow(third) });
    await waitForEnd(payment, paidByAnother);
    expect(await capturedBy(reference)).toEqual([7_000]);
  });

  it('asks the buyer of a later attempt, whose page completes it', async () => {
    const payment = await aKeptPayment('sim_challenge');
    const first = await nextActionOf(payment, { type: 'redirect' });
    await pressOnPage(first.url, 'Decline');
    await api.confirm(payment);
    const { url, reference } = await waitForAttempt(payment, 2);
    expect((await api.payment(payment)).body).toMatchObject({
      failure: { code: 'authentication-failed' },
    });

    await api.confirm(payment, { paymentMethod: await methodFromWindow(url, 'sim_challenge') });
    const second = await nextActionOf(payment, { type: 'redirect' });
    expect(second.url).not.toBe(first.url);
    await pressOnPage(second.url, 'Approve');
    await api.confirm(payment);

    await waitForEnd(payment, paidByAnother);
    expect(await capturedBy(reference)).toEqual([7_000]);
  });

  it('gives everything back if the buyer cancels instead', async () => {
    const payment = await aKeptPayment('sim_decline');
    await waitForAttempt(payment, 2);

    expect(await api.cancel(payment)).toMatchObject({
      status: 202,
      body: { status: 'FAILED', failure: { code: 'cancelled-by-buyer' } },
    });

    await waitForEnd(payment, returnedEnd);
  });

  it('completes an attempt whose answer was lost, and captures it once', async () => {
    const payment = await aKeptPayment('sim_decline');
    const { url, reference } = await waitForAttempt(payment, 2);
    const paymentMethod = await methodFromWindow(url, 'sim_error_after_effect');

    await api.confirm(payment, { paymentMethod });

    await waitForEnd(payment, paidByAnother);
    expect(await capturedBy(reference)).toEqual([7_000]);
  });

  it('fails after five declined attempts, and gives everything back', async () => {
    const payment = await aKeptPayment('sim_decline');
    for (const attempt of [2, 3, 4, 5]) {
      await waitForAttempt(payment, attempt);
      await api.confirm(payment, { paymentMethod: 'sim_decline_limit' });
    }

    await waitForEnd(payment, returnedEnd);

    expect((await api.payment(payment)).body).toMatchObject({
      status: 'FAILED',
      failure: { code: 'limit-exceeded' },
      released: true,
    });
    expect(await storedPayment(payment.paymentId)).toMatchObject({ attempt: 5 });
    expect(await capturedBy(`${payment.paymentId}-5`)).toEqual([]);
    expect(await api.confirm(payment, { paymentMethod: 'sim_approve' })).toMatchObject({
      status: 409,
    });
  });
});
