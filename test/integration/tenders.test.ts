import { describe, expect, it } from 'vitest';
import { api } from '../support/stack/api-client.ts';
import {
  aPaymentOfBothTenders,
  paidEnd,
  returnedEnd,
  waitForEnd,
} from '../support/stack/checkout-fixtures.ts';
import { pg } from '../support/stack/external-systems.ts';
import { aBuyer, anOrder, aProduct, stock, uniqueId } from '../support/stack/stack-fixtures.ts';

describe.concurrent('a payment of 12,000', () => {
  it('takes 5,000 from the balance and 7,000 by card', async () => {
    const payment = await aPaymentOfBothTenders({});

    await waitForEnd(payment, paidEnd);

    expect((await api.payment(payment)).body).toMatchObject({
      status: 'COMPLETED',
      amount: 12_000,
      balanceAmount: 5_000,
      gatewayAmount: 7_000,
    });
  });

  it('returns the balance part if the card is declined', async () => {
    const payment = await aPaymentOfBothTenders({ paymentMethod: 'sim_decline' });

    await waitForEnd(payment, returnedEnd);

    expect((await api.payment(payment)).body).toMatchObject({
      status: 'FAILED',
      released: true,
      failure: { code: 'insufficient-funds' },
    });
  });

  it.each([
    ['less than the balance part', () => aBuyer({ available: 4_999 })],
    ['no balance at all', () => uniqueId('buyer')],
  ])(
    'is stored as failed, and calls no gateway, if its buyer has %s',
    async (_what, aPoorBuyer) => {
      const sku = await aProduct({ price: 3_000, available: 10 });
      const order = await anOrder({ buyer: await aPoorBuyer(), lines: [{ sku, quantity: 4 }] });

      const reply = await api.pay(order, { balanceAmount: 5_000 });

      expect(reply).toMatchObject({ status: 402, body: { code: 'insufficient-balance' } });
      const payment = { ...order, paymentId: `${reply.body.paymentId}` };
      expect(await api.settled(payment)).toMatchObject({ status: 'FAILED' });
      expect((await pg.chargesOf(payment.paymentId)).counts).toMatchObject({ requests: 0 });
      expect(await stock.of(sku)).toMatchObject({ available: 10, reserved: 0 });
    },
  );
});
