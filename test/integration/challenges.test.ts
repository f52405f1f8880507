import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { api } from '../support/stack/api-client.ts';
import { openPage, pressOnPage, shopPage } from '../support/stack/buyer-pages.ts';
import { endStateOf } from '../support/stack/cancellation-fixtures.ts';
import {
  aChallengedPayment,
  paidEnd,
  refundedEnd,
  returnedEnd,
  reversedEnd,
  waitForEnd,
} from '../support/stack/checkout-fixtures.ts';
import { dataPlatform, notifications, pg } from '../support/stack/external-systems.ts';
import { storedPayment } from '../support/stack/repositories.ts';
import { waitForStatus } from '../support/stack/wait-for-status.ts';

/** Waits until the gateway has delivered this number of webhooks. */
const waitForDelivered = (paymentId: string, count: number) =>
  eventually(async () => {
    const delivered = (await pg.webhooksOf(paymentId)).filter(
      ({ attempts }) => attempts.at(-1) === 'delivered',
    );
    expect(delivered).toHaveLength(count);
  });

describe.concurrent('a charge that asks its buyer', () => {
  it('holds both tenders while it waits, and is captured once the buyer approves', async () => {
    const payment = await aChallengedPayment();
    await waitForEnd(payment, {
      ...{ payment: 'REQUIRES_ACTION', order: 'PAYING', stock: 6, captured: [], refunded: [] },
      money: { available: 5_000, held: 5_000, spent: 0 },
    });

    const { status, location } = await pressOnPage(payment.url, 'Approve');

    const returnedTo = `${shopPage}?reference=${payment.paymentId}`;
    expect({ status, location }).toEqual({ status: 303, location: returnedTo });
    await waitForEnd(payment, paidEnd);
    expect((await api.payment(payment)).body).not.toHaveProperty('nextAction');
  });

  it('completes by the inquiry that the webhook causes', async () => {
    const payment = await aChallengedPayment();
    await pressOnPage(payment.url, 'Approve');

    const { history } = await waitForStatus(payment.paymentId, 'COMPLETED');

    expect(history.at(-1)).toMatchObject({
      by: 'inquire-payment',
      trigger: { source: 'webhook' },
    });
  });

  it('fails and gives both tenders back if the buyer declines', async () => {
    const payment = await aChallengedPayment();

    await pressOnPage(payment.url, 'Decline');

    await waitForEnd(payment, returnedEnd);
    expect((await api.payment(payment)).body).toMatchObject({
      ...{ status: 'FAILED', released: true },
      failure: { code: 'authentication-failed' },
    });
  });

  it('gives both tenders back if the buyer abandons the page and cancels', async () => {
    const payment = await aChallengedPayment('sim_challenge_abandoned');
    await pressOnPage(payment.url, 'Approve');
    expect(await storedPayment(payment.paymentId)).toMatchObject({ status: 'REQUIRES_ACTION' });

    expect(await api.cancel(payment)).toMatchObject({ status: 202 });

    await waitForEnd(payment, returnedEnd);
    expect((await api.payment(payment)).body).toMatchObject({
      failure: { code: 'cancelled-by-buyer' },
    });
  });

  it('can no longer be approved after the buyer has cancelled', async () => {
    const payment = await aChallengedPayment();
    const page = await openPage(payment.url);
    await api.cancel(payment);
    await waitForStatus(payment.paymentId, 'COMPENSATED');

    expect(await page.press('Approve')).toMatchObject({ status: 409, buttons: [] });

    await waitForEnd(payment, returnedEnd);
  });

  it('is refunded once if the gateway captures it after the cancellation', async () => {
    const payment = await aChallengedPayment('sim_challenge_late');
    await api.cancel(payment);
    await waitForEnd(payment, returnedEnd);

    await pressOnPage(payment.url, 'Approve');

    await waitForEnd(payment, reversedEnd, { timeoutMs: 100_000 });
    expect((await pg.chargesOf(payment.paymentId)).counts).toMatchObject({ refunds: 1 });
    expect((await api.payment(payment)).body).toMatchObject({ status: 'FAILED', released: true });
  });

  it('is captured once by two tabs and two webhooks', async () => {
    const payment = await aChallengedPayment('sim_challenge_twice');
    const [tab, otherTab] = [await openPage(payment.url), await openPage(payment.url)];

    await tab.press('Approve');
    await otherTab.press('Decline');

    await waitForDelivered(payment.paymentId, 2);
    await waitForEnd(payment, paidEnd);
  });

  it('is given back or refunded, or has paid, if approved and cancelled concurrently', async () => {
    const payment = await aChallengedPayment();
    const page = await openPage(payment.url);

    const [, cancelled] = await Promise.all([page.press('Approve'), api.cancel(payment)]);

    const isCancelled = cancelled.status === 202;
    const ends = isCancelled ? [returnedEnd, refundedEnd] : [paidEnd];
    await eventually(async () => expect(ends).toContainEqual(await endStateOf(payment)));
  });

  it("keeps the page's address out of what it sends to others", async () => {
    const payment = await aChallengedPayment();
    await pressOnPage(payment.url, 'Approve');
    await waitForStatus(payment.paymentId, 'COMPLETED');

    const sent = await eventually(async () => {
      const deliveries = [
        ...(await notifications.received(payment.paymentId)),
        ...(await dataPlatform.received(payment.paymentId)),
      ];
      expect(JSON.stringify(deliveries)).toContain('ompleted');

      return JSON.stringify(deliveries);
    });
    expect(sent).not.toContain(new URL(payment.url).pathname);
  });
});
