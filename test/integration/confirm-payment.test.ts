import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { api } from '../support/stack/api-client.ts';
import { nextActionOf, pressOnPage, shopPage } from '../support/stack/buyer-pages.ts';
import { endStateOf } from '../support/stack/cancellation-fixtures.ts';
import {
  aPaymentOfBothTenders,
  paidEnd,
  refundedEnd,
  returnedEnd,
  waitForEnd,
} from '../support/stack/checkout-fixtures.ts';
import { pg } from '../support/stack/external-systems.ts';
import { deleteIdempotencyRecord } from '../support/stack/idempotency-records.ts';
import { storedPayment } from '../support/stack/repositories.ts';
import { uniqueId } from '../support/stack/stack-fixtures.ts';

const aWaitingPayment = () => aPaymentOfBothTenders({ paymentMethod: null });

const approve = { paymentMethod: 'sim_approve' };

describe.concurrent('confirm payment', () => {
  it('replays one answer for one key, also after its idempotency record is lost', async () => {
    const payment = await aWaitingPayment();
    const { buyer, paymentId } = payment;
    const key = randomUUID();

    const first = await api.confirm(payment, { ...approve, key });
    const again = await api.confirm(payment, { ...approve, key });
    await deleteIdempotencyRecord('confirm-payment', JSON.stringify([buyer, paymentId, key]));
    const rebuilt = await api.confirm(payment, { ...approve, key });

    expect(first).toMatchObject({ status: 202, body: { status: 'PENDING' } });
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    for (const reply of [again, rebuilt]) {
      expect(reply).toMatchObject({ status: 202, headers: { 'idempotency-replayed': 'true' } });
      expect(reply.body).toEqual(first.body);
    }
    await waitForEnd(payment, paidEnd);
    expect((await pg.chargesOf(paymentId)).counts).toMatchObject({ requests: 1 });
  });

  it('rejects a key that was used with another payment method', async () => {
    const payment = await aWaitingPayment();
    const key = randomUUID();
    await api.confirm(payment, { ...approve, key });

    expect(await api.confirm(payment, { paymentMethod: 'sim_decline', key })).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });

    await waitForEnd(payment, paidEnd);
  });

  it('makes one attempt of fifty concurrent requests with two methods', async () => {
    const payment = await aWaitingPayment();
    const methods = ['sim_approve', 'sim_approve_slow'];

    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        api.confirm(payment, { paymentMethod: methods[at % 2] ?? '' }),
      ),
    );

    const accepted = replies.filter(({ status }) => status === 202);
    const rejected = replies.filter(({ status }) => status !== 202);
    expect(accepted).toHaveLength(1);
    for (const reply of rejected)
      expect(reply).toMatchObject({ status: 409, body: { code: 'payment-not-confirmable' } });
    await waitForEnd(payment, paidEnd);
    const { attempt, paymentMethod, confirmations } = await storedPayment(payment.paymentId);
    expect({ attempt, confirmations: confirmations?.length }).toEqual({
      attempt: 1,
      confirmations: 1,
    });
    expect(methods[replies.findIndex(({ status }) => status === 202) % 2]).toBe(paymentMethod);
    expect((await pg.chargesOf(payment.paymentId)).counts).toMatchObject({ requests: 1 });
  });

  it('gives both tenders back, or has paid, if the buyer cancels concurrently', async () => {
    const payment = await aWaitingPayment();

    const [confirmed, cancelled] = await Promise.all([
      api.confirm(payment, approve),
      api.cancel(payment),
    ]);

    const isCancelled = cancelled.status === 202;
    const ends = isCancelled ? [returnedEnd, refundedEnd] : [paidEnd];
    await eventually(async () => expect(ends).toContainEqual(await endStateOf(payment)));
    if (confirmed.status === 409) await waitForEnd(payment, returnedEnd);
  });

  it.each([
    [400, 'invalid-request', 'no payment method', {}],
    [400, 'invalid-request', "another gateway's token", { paymentMethod: 'pm_1OaBcD2eZvKYlo2C' }],
    [422, 'card-number-refused', 'a card number', { paymentMethod: '4242 4242 4242 4242' }],
  ])('rejects with %i %s %s, and still waits', async (status, code, _what, input) => {
    const payment = await aWaitingPayment();

    expect(await api.confirm(payment, input)).toMatchObject({
      status,
      body: { code, errors: [{ pointer: '/paymentMethod' }] },
    });
    await nextActionOf(payment, { type: 'provide-payment-method' });

    expect(await api.confirm(payment, approve)).toMatchObject({ status: 202 });
    await waitForEnd(payment, paidEnd);
  });

  it('rejects a return URL of another site, and takes one of the shop', async () => {
    const payment = await aWaitingPayment();
    const elsewhere = {
      paymentMethod: 'sim_challenge',
      returnUrl: 'https://elsewhere.example/paid',
    };

    expect(await api.confirm(payment, elsewhere)).toMatchObject({
      status: 422,
      body: { code: 'return-url-not-allowed', errors: [{ pointer: '/returnUrl' }] },
    });
    await api.confirm(payment, { ...elsewhere, returnUrl: shopPage });

    const { url } = await nextActionOf(payment, { type: 'redirect' });
    const { location } = await pressOnPage(url, 'Approve');
    expect(location).toBe(`${shopPage}?reference=${payment.paymentId}`);
    await api.confirm(payment);
    await waitForEnd(payment, paidEnd);
  });

  it("returns 404 for another buyer's payment, as for a missing one", async () => {
    const payment = await aWaitingPayment();
    const stranger = { ...payment, buyer: uniqueId('buyer') };

    for (const paymentId of [payment.paymentId, 'pay_none'])
      expect(await api.confirm({ ...stranger, paymentId }, approve)).toMatchObject({
        status: 404,
        body: { code: 'payment-not-found' },
      });

    await api.cancel(payment);
    await waitForEnd(payment, returnedEnd);
  });

  it('rejects a completed payment, which stays completed', async () => {
    const payment = await aPaymentOfBothTenders({});
    await waitForEnd(payment, paidEnd);

    expect(await api.confirm(payment, approve)).toMatchObject({
      status: 409,
      body: { code: 'payment-not-confirmable' },
    });
    await waitForEnd(payment, paidEnd);
  });

  it('takes no other method while the gateway waits for the buyer', async () => {
    const payment = await aPaymentOfBothTenders({ paymentMethod: 'sim_challenge' });
    const { url } = await nextActionOf(payment, { type: 'redirect' });

    expect(await api.confirm(payment, approve)).toMatchObject({
      status: 409,
      body: { code: 'payment-not-confirmable' },
    });
    const returned = await api.confirm(payment);
    expect(returned).toMatchObject({
      status: 202,
      body: { nextAction: { type: 'redirect', url } },
    });

    await pressOnPage(url, 'Decline');
    await api.confirm(payment);
    await waitForEnd(payment, returnedEnd);
  });
});
