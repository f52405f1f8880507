import { describe, expect, it } from 'vitest';
import { api } from '../support/stack/api-client.ts';
import { methodFromWindow, openPage, pressOnPage } from '../support/stack/buyer-pages.ts';
import {
  aChallengedPayment,
  aPaymentWithoutMethod,
  returnedEnd,
  reversedEnd,
  waitForEnd,
} from '../support/stack/checkout-fixtures.ts';
import { pg } from '../support/stack/external-systems.ts';
import { expireAction, expireHold } from '../support/stack/forced-states.ts';
import { sweepUntilStatus } from '../support/stack/sweep.ts';

describe.concurrent('a payment that waited too long for its buyer', () => {
  it('is cancelled at the gateway if the buyer did not act, and both tenders are back', async () => {
    const payment = await aChallengedPayment('sim_challenge_abandoned');
    const page = await openPage(payment.url);
    await expireAction(payment.paymentId);

    await sweepUntilStatus(payment.paymentId, 'COMPENSATED');

    await waitForEnd(payment, returnedEnd);
    expect((await api.payment(payment)).body).toMatchObject({
      ...{ status: 'FAILED', released: true },
      failure: { code: 'authentication-expired' },
    });
    expect(await page.press('Approve')).toMatchObject({ status: 409 });
  });

  it('is refunded once if the gateway captures it after that', async () => {
    const payment = await aChallengedPayment('sim_challenge_late');
    await expireAction(payment.paymentId);
    await sweepUntilStatus(payment.paymentId, 'COMPENSATED');

    await pressOnPage(payment.url, 'Approve');

    await waitForEnd(payment, reversedEnd, { timeoutMs: 100_000 });
    expect((await pg.chargesOf(payment.paymentId)).counts).toMatchObject({ refunds: 1 });
  });

  it('fails if no payment method was provided in time, and both tenders are back', async () => {
    const payment = await aPaymentWithoutMethod();
    await expireHold(payment.paymentId);

    await sweepUntilStatus(payment.paymentId, 'COMPENSATED');

    await waitForEnd(payment, returnedEnd);
    expect((await api.payment(payment)).body).toMatchObject({
      ...{ status: 'FAILED', released: true },
      failure: { code: 'not-confirmed-in-time' },
    });
  });

  it('rejects a confirmation after that, and releases both tenders at once', async () => {
    const payment = await aPaymentWithoutMethod();
    const paymentMethod = await methodFromWindow(payment.url);
    await expireHold(payment.paymentId);

    const answer = await api.confirm(payment, { paymentMethod });

    expect(answer).toMatchObject({ status: 409, body: { code: 'payment-not-confirmable' } });
    await waitForEnd(payment, returnedEnd);
    expect((await pg.chargesOf(payment.paymentId)).counts).toMatchObject({ requests: 0 });
  });
});
