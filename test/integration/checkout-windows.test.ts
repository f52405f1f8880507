import { describe, expect, it } from 'vitest';
import { api } from '../support/stack/api-client.ts';
import {
  methodFromWindow,
  nextActionOf,
  openPage,
  pressOnPage,
  shopPage,
} from '../support/stack/buyer-pages.ts';
import {
  aPaymentWithoutMethod,
  paidEnd,
  returnedEnd,
  waitForEnd,
} from '../support/stack/checkout-fixtures.ts';
import { pg } from '../support/stack/external-systems.ts';
import { anOrder, aProduct } from '../support/stack/stack-fixtures.ts';
import { waitForStatus } from '../support/stack/wait-for-status.ts';

/** The address of the window with another value of one parameter. */
const tampered = (url: string | undefined, name: 'reference' | 'amount', value: string) => {
  const other = new URL(url ?? '');
  other.searchParams.set(name, value);

  return other.href;
};

describe.concurrent('a payment whose method comes from the checkout window', () => {
  it('says at accept and later which window to open, and holds both tenders', async () => {
    const sku = await aProduct({ price: 3_000, available: 10 });
    const order = await anOrder({ lines: [{ sku, quantity: 4 }] });

    const accepted = await api.pay(order, {
      paymentMethod: null,
      balanceAmount: 5_000,
      returnUrl: shopPage,
    });

    const { paymentId, nextAction } = accepted.body;
    expect(accepted).toMatchObject({ status: 202, body: { status: 'REQUIRES_ACTION' } });
    expect(nextAction).toMatchObject({
      ...{ type: 'provide-payment-method', gateway: 'simulator' },
      ...{ reference: paymentId, amount: 7_000, currency: 'KRW' },
    });
    const payment = { ...order, paymentId: `${paymentId}`, sku };
    expect(await nextActionOf(payment, { type: 'provide-payment-method' })).toEqual(nextAction);
    await waitForEnd(payment, {
      ...{ payment: 'REQUIRES_METHOD', order: 'PAYING', stock: 6, captured: [], refunded: [] },
      money: { available: 5_000, held: 5_000, spent: 0 },
    });
    expect((await pg.chargesOf(payment.paymentId)).counts).toMatchObject({ requests: 0 });
  });

  it('completes with both tenders once it is confirmed', async () => {
    const payment = await aPaymentWithoutMethod();
    const paymentMethod = await methodFromWindow(payment.url);

    const confirmed = await api.confirm(payment, { paymentMethod });

    expect(confirmed).toMatchObject({ status: 202, body: { status: 'PENDING', amount: 12_000 } });
    await waitForEnd(payment, paidEnd);
  });

  it('asks its buyer after the window if the card does', async () => {
    const payment = await aPaymentWithoutMethod();
    const paymentMethod = await methodFromWindow(payment.url, 'sim_challenge');
    await api.confirm(payment, { paymentMethod });
    const { url } = await nextActionOf(payment, { type: 'redirect' });

    const { location } = await pressOnPage(url, 'Approve');
    const returned = await api.confirm(payment);

    expect(location).toBe(`${shopPage}?reference=${payment.paymentId}`);
    expect([202, 409]).toContain(returned.status);
    await waitForEnd(payment, paidEnd);
  });

  it.each([
    ['amount', '1'],
    ['reference', 'pay_another'],
  ] as const)('is declined if the window was opened with another %s', async (name, value) => {
    const payment = await aPaymentWithoutMethod();
    const url = tampered(payment.url, name, value);

    await api.confirm(payment, { paymentMethod: await methodFromWindow(url) });

    await waitForEnd(payment, returnedEnd);
    expect((await api.payment(payment)).body).toMatchObject({
      status: 'FAILED',
      failure: { code: 'method-not-supported' },
    });
  });

  it('cannot be paid with the method of another payment', async () => {
    const [payment, other] = [await aPaymentWithoutMethod(), await aPaymentWithoutMethod()];
    const paymentMethod = await methodFromWindow(other.url);

    await api.confirm(payment, { paymentMethod });

    await waitForEnd(payment, returnedEnd);
    await api.confirm(other, { paymentMethod });
    await waitForEnd(other, paidEnd);
  });

  it('gives everything back if the buyer closes the window and cancels', async () => {
    const payment = await aPaymentWithoutMethod();
    const { location = '' } = await pressOnPage(payment.url, 'Cancel');
    expect(new URL(location).searchParams.get('cancelled')).toBe('true');

    const cancelled = await api.cancel(payment);

    expect(cancelled).toMatchObject({
      status: 202,
      body: { status: 'FAILED', failure: { code: 'cancelled-by-buyer' } },
    });
    await waitForEnd(payment, returnedEnd);
    expect((await pg.chargesOf(payment.paymentId)).counts).toMatchObject({ requests: 0 });
  });

  it('is not charged with a method that the window gives after the cancellation', async () => {
    const payment = await aPaymentWithoutMethod();
    const window = await openPage(payment.url);
    await api.cancel(payment);
    await waitForStatus(payment.paymentId, 'COMPENSATED');
    const { location = '' } = await window.press('Pay', { paymentMethod: 'sim_approve' });
    const paymentMethod = new URL(location).searchParams.get('paymentMethod') ?? '';

    expect(await api.confirm(payment, { paymentMethod })).toMatchObject({
      status: 409,
      body: { code: 'payment-not-confirmable' },
    });

    await waitForEnd(payment, returnedEnd);
    expect((await pg.chargesOf(payment.paymentId)).counts).toMatchObject({ requests: 0 });
  });
});
