import { describe, expect, it } from 'vitest';
import { type AcceptedPayment, api } from '../support/stack/api-client.ts';
import { pg } from '../support/stack/external-systems.ts';
import { storedPayment } from '../support/stack/repositories.ts';
import { aBuyer, anOrder, aProduct, uniqueId, wallets } from '../support/stack/stack-fixtures.ts';

/** A completed payment of four units for 12,000. */
const aPaidPayment = async (balanceAmount: number, buyer: string): Promise<AcceptedPayment> => {
  const lines = [{ sku: await aProduct({ price: 3_000 }), quantity: 4 }];
  const payment = await api.accepted(await anOrder({ buyer, lines }), { balanceAmount });
  expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED' });

  return payment;
};

const refundsOf = async ({ paymentId }: AcceptedPayment) => {
  const { counts, refunds } = await pg.chargesOf(paymentId);

  return { requests: counts.refunds, amounts: refunds.map(({ amount }) => amount) };
};

describe.concurrent('refunds of a payment of 5,000 from the balance and 7,000 by card', () => {
  it('go to the card first, and the rest to the balance without a gateway call', async () => {
    const payment = await aPaidPayment(5_000, await aBuyer());
    expect(await wallets.of(payment.buyer)).toMatchObject({ available: 5_000, spent: 5_000 });

    const first = await api.refunded(payment, { amount: 8_000 });

    expect(first).toMatchObject({ status: 'SUCCEEDED', amount: 8_000 });
    expect(first).toMatchObject({ gatewayAmount: 7_000, balanceAmount: 1_000 });
    expect(await refundsOf(payment)).toEqual({ requests: 1, amounts: [7_000] });
    expect(await wallets.of(payment.buyer)).toMatchObject({ available: 6_000, spent: 4_000 });

    const rest = await api.refunded(payment, { amount: 4_000 });

    expect(rest).toMatchObject({ status: 'SUCCEEDED', gatewayAmount: 0, balanceAmount: 4_000 });
    expect(await refundsOf(payment)).toEqual({ requests: 1, amounts: [7_000] });
    expect(await wallets.of(payment.buyer)).toMatchObject({ available: 10_000, spent: 0 });
    expect((await api.payment(payment)).body).toMatchObject({ status: 'REFUNDED' });
    expect(await api.refund(payment, { amount: 1 })).toMatchObject({
      status: 409,
      body: { code: 'refund-exceeds-captured' },
    });
  });

  it('go to the balance first if the request says so', async () => {
    const payment = await aPaidPayment(5_000, await aBuyer());

    const refund = await api.refunded(payment, { amount: 8_000, balanceFirst: true });

    expect(refund).toMatchObject({ gatewayAmount: 3_000, balanceAmount: 5_000 });
    expect(await refundsOf(payment)).toEqual({ requests: 1, amounts: [3_000] });
    expect(await wallets.of(payment.buyer)).toMatchObject({ available: 10_000, spent: 0 });
    expect(await storedPayment(payment.paymentId)).toMatchObject({
      ...{ refunded: 8_000, refundPending: 0 },
      ...{ gatewayRefunded: 3_000, gatewayRefundPending: 0 },
    });
  });
});

describe.concurrent('refunds of a payment of one tender', () => {
  it('write no balance if its buyer has none and paid by card', async () => {
    const payment = await aPaidPayment(0, uniqueId('buyer'));

    const refund = await api.refunded(payment, { amount: 8_000 });

    expect(refund).toMatchObject({ status: 'SUCCEEDED', gatewayAmount: 8_000, balanceAmount: 0 });
    expect(await refundsOf(payment)).toEqual({ requests: 1, amounts: [8_000] });
    await expect(wallets.of(payment.buyer)).rejects.toThrow('There is no');
  });

  it('call no gateway if the balance has paid all', async () => {
    const payment = await aPaidPayment(12_000, await aBuyer({ available: 12_000 }));

    const refund = await api.refunded(payment, { amount: 8_000 });

    expect(refund).toMatchObject({ status: 'SUCCEEDED', gatewayAmount: 0, balanceAmount: 8_000 });
    expect(await refundsOf(payment)).toEqual({ requests: 0, amounts: [] });
    expect(await wallets.of(payment.buyer)).toMatchObject({ available: 8_000, spent: 4_000 });
  });
});
