import { describe, expect, it } from 'vitest';
import { aRefund } from '../../../support/builders/refund-generators.ts';
import {
  ambiguous,
  createExecuteRefundHarness,
  declined,
  notFound,
  refunded,
  runUntilDone,
} from './harness.ts';

/** Four packets of tea for 12,000: 5,000 from the balance and 7,000 by card. */
const paid = { lines: [{ sku: 'tea', quantity: 4, unitPrice: 3_000 }] };
const tenders = { paid, balanceAmount: 5_000 };

const amountsSent = ({ world }: ReturnType<typeof createExecuteRefundHarness>) =>
  world.gatewayCalls.map(([call, { amount }]) => [call, amount]);

describe('execute refund of a payment of both tenders', () => {
  it('refunds the card first, then the balance without a gateway call', async () => {
    const harness = createExecuteRefundHarness({ amount: 8_000 }, tenders);

    expect(await harness.deliver()).toMatchObject({ outcome: 'SUCCEEDED' });

    expect(amountsSent(harness)).toEqual([['refund', 7_000]]);
    expect(harness.payment()).toMatchObject({ refunded: 8_000, refundPending: 0 });
    expect(harness.payment()).toMatchObject({ gatewayRefunded: 7_000, gatewayRefundPending: 0 });
    expect(harness.balance()).toMatchObject({ available: 11_000, spent: 4_000 });

    const rest = aRefund(
      { order: harness.order(), payment: harness.payment() },
      { amount: 4_000 },
      'rfd_2',
    );
    harness.tables.put('Payments', rest.payment);
    harness.tables.put('Refunds', rest.refund);
    expect(await harness.deliver('rfd_2')).toMatchObject({ outcome: 'SUCCEEDED', version: 2 });

    expect(harness.calls()).toEqual(['refund']);
    expect(harness.payment()).toMatchObject({ refunded: 12_000, gatewayRefunded: 7_000 });
    expect(harness.order()).toMatchObject({ status: 'REFUNDED' });
    expect(harness.balance()).toMatchObject({ available: 15_000, spent: 0 });
  });

  it('refunds the balance first if the request says so', async () => {
    const harness = createExecuteRefundHarness(
      { amount: 8_000 },
      { ...tenders, balanceFirst: true },
    );

    await harness.deliver();

    expect(amountsSent(harness)).toEqual([['refund', 3_000]]);
    expect(harness.payment()).toMatchObject({ refunded: 8_000, gatewayRefunded: 3_000 });
    expect(harness.balance()).toMatchObject({ available: 15_000, spent: 0 });
  });

  it('refunds both tenders completely', async () => {
    const harness = createExecuteRefundHarness('remaining', tenders);

    await harness.deliver();

    expect(amountsSent(harness)).toEqual([['refund', 7_000]]);
    expect(harness.balance()).toMatchObject({ available: 15_000, spent: 0 });
    expect(harness.order()).toMatchObject({ status: 'REFUNDED' });
  });

  it('releases both parts if the gateway declines its part', async () => {
    const harness = createExecuteRefundHarness(
      { amount: 8_000 },
      { ...tenders, refunds: [declined] },
    );

    expect(await harness.deliver()).toMatchObject({ outcome: 'FAILED' });

    expect(harness.payment()).toMatchObject({ refunded: 0, refundPending: 0 });
    expect(harness.payment()).toMatchObject({ gatewayRefundPending: 0 });
    expect(harness.payment()).not.toHaveProperty('gatewayRefunded');
    expect(harness.balance()).toMatchObject({ available: 10_000, spent: 5_000 });
  });

  it.each([
    ['was made', [refunded], [['inquire', 7_000]]],
    [
      'never arrived',
      [notFound],
      [
        ['inquire', 7_000],
        ['refund', 7_000],
      ],
    ],
  ])(
    'keeps both parts pending after a lost answer of a refund that %s',
    async (_case, inquiries, calls) => {
      const harness = createExecuteRefundHarness(
        { amount: 8_000 },
        { ...tenders, refunds: [ambiguous], inquiries },
      );

      await harness.deliver();
      expect(harness.payment()).toMatchObject({
        refundPending: 8_000,
        gatewayRefundPending: 7_000,
      });
      expect(harness.balance()).toMatchObject({ available: 10_000, spent: 5_000 });
      expect(await runUntilDone(harness)).toMatchObject({ outcome: 'SUCCEEDED' });

      expect(amountsSent(harness)).toEqual([['refund', 7_000], ...calls]);
      expect(harness.payment()).toMatchObject({ refunded: 8_000, gatewayRefunded: 7_000 });
      expect(harness.balance()).toMatchObject({ available: 11_000, spent: 4_000 });
    },
  );

  it('sends the reference of the attempt that was captured', async () => {
    const harness = createExecuteRefundHarness({ amount: 100 }, tenders);
    const payment = { ...harness.payment(), attempt: 2 };
    harness.tables.put('Payments', payment);

    await harness.deliver();

    expect(harness.world.gatewayCalls).toMatchObject([
      ['refund', { reference: `${payment.paymentId}-2`, amount: 100 }],
    ]);
  });
});

describe('execute refund of a payment of one tender', () => {
  it('calls no gateway if all was paid from the balance', async () => {
    const harness = createExecuteRefundHarness({ amount: 8_000 }, { paid, balanceAmount: 12_000 });

    expect(await harness.deliver()).toMatchObject({ outcome: 'SUCCEEDED' });

    expect(harness.calls()).toEqual([]);
    expect(harness.refund()).not.toHaveProperty('pg');
    expect(harness.refund().history.at(-1)).toMatchObject({ detail: 'refunded to the balance' });
    expect(harness.payment()).toMatchObject({ refunded: 8_000, refundPending: 0 });
    expect(harness.payment()).not.toHaveProperty('gatewayRefunded');
    expect(harness.balance()).toMatchObject({ available: 18_000, spent: 4_000 });
  });

  it('writes no balance if all was paid by card', async () => {
    const harness = createExecuteRefundHarness({ amount: 8_000 }, { paid, balanceAmount: 0 });
    harness.tables.deleteItem('Balances', { userId: 'alice' });

    expect(await harness.deliver()).toMatchObject({ outcome: 'SUCCEEDED' });

    expect(amountsSent(harness)).toEqual([['refund', 8_000]]);
    expect(harness.refund()).not.toHaveProperty('skipped');
    expect(harness.balance()).toBeUndefined();
    expect(harness.payment()).toMatchObject({ refunded: 8_000, gatewayRefunded: 8_000 });
  });
});
