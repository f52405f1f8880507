import { describe, expect, it } from 'vitest';
import { api } from '../support/stack/api-client.ts';
import {
  aPaymentOfBothTenders,
  paidEnd,
  returnedEnd,
  waitForEnd,
} from '../support/stack/checkout-fixtures.ts';
import { pg } from '../support/stack/external-systems.ts';
import { paymentsOf } from '../support/stack/repositories.ts';
import {
  aBuyer,
  aCoupon,
  anOrder,
  aProduct,
  orderOf,
  stock,
  uniqueId,
  wallets,
} from '../support/stack/stack-fixtures.ts';

const lines = async () => [{ sku: await aProduct({ price: 3_000 }), quantity: 4 }];

describe.concurrent('a payment of 12,000', () => {
  it('takes 5,000 from the balance and 7,000 by card', async () => {
    const payment = await aPaymentOfBothTenders({});

    await waitForEnd(payment, paidEnd);

    expect((await api.payment(payment)).body).toMatchObject({
      ...{ status: 'COMPLETED', amount: 12_000, balanceAmount: 5_000, gatewayAmount: 7_000 },
    });
  });

  it('returns the balance part if the card is declined', async () => {
    const payment = await aPaymentOfBothTenders({ paymentMethod: 'sim_decline' });

    await waitForEnd(payment, returnedEnd);

    expect((await api.payment(payment)).body).toMatchObject({
      ...{ status: 'FAILED', released: true, failure: { code: 'insufficient-funds' } },
    });
  });

  it('is paid by card alone by a buyer without a balance', async () => {
    const order = await anOrder({ buyer: uniqueId('buyer'), lines: await lines() });

    const payment = await api.accepted(order);

    expect(await api.settled(payment)).toMatchObject({
      ...{ status: 'COMPLETED', balanceAmount: 0, gatewayAmount: 12_000 },
    });
    expect(await pg.chargesOf(payment.paymentId)).toMatchObject({ charges: [{ amount: 12_000 }] });
    await expect(wallets.of(order.buyer)).rejects.toThrow('There is no');
  });

  it('is paid from the balance alone without a payment method or a gateway call', async () => {
    const buyer = await aBuyer({ available: 12_000 });
    const order = await anOrder({ buyer, lines: await lines() });

    const payment = await api.accepted(order, { paymentMethod: null, balanceAmount: 12_000 });

    expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED', gatewayAmount: 0 });
    expect((await pg.chargesOf(payment.paymentId)).counts).toMatchObject({ requests: 0 });
    expect(await wallets.of(buyer)).toMatchObject({ available: 0, held: 0, spent: 12_000 });
  });

  it('needs neither tender if a coupon covers it', async () => {
    const buyer = uniqueId('buyer');
    const couponId = await aCoupon({ buyer, amountOff: 12_000 });
    const order = await anOrder({ buyer, couponId, lines: await lines() });

    const payment = await api.accepted(order, { paymentMethod: null });

    expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED', amount: 0 });
    expect((await pg.chargesOf(payment.paymentId)).counts).toMatchObject({ requests: 0 });
  });

  it('is rejected without a trace if the balance is to pay more than the total', async () => {
    const order = await anOrder({
      buyer: await aBuyer({ available: 20_000 }),
      lines: await lines(),
    });

    expect(await api.pay(order, { balanceAmount: 12_001 })).toMatchObject({
      status: 422,
      body: { code: 'balance-exceeds-total', errors: [{ pointer: '/balanceAmount' }] },
    });
    expect(await paymentsOf(order.buyer)).toEqual([]);
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'PENDING_PAYMENT' });
  });

  it.each([
    ['less than the balance part', async () => aBuyer({ available: 4_999 })],
    ['no balance at all', async () => uniqueId('buyer')],
  ])('is stored as failed if its buyer has %s', async (_what, aPoorBuyer) => {
    const [line] = await lines();
    const sku = line?.sku ?? '';
    const buyer = await aPoorBuyer();
    const order = await anOrder({ buyer, lines: [{ sku, quantity: 4 }] });

    const reply = await api.pay(order, { balanceAmount: 5_000 });

    expect(reply).toMatchObject({ status: 402, body: { code: 'insufficient-balance' } });
    const payment = { ...order, paymentId: `${reply.body.paymentId}` };
    expect(await api.settled(payment)).toMatchObject({ status: 'FAILED' });
    expect((await pg.chargesOf(payment.paymentId)).counts).toMatchObject({ requests: 0 });
    expect(await stock.of(sku)).toMatchObject({ available: 10, reserved: 0 });
  });
});
