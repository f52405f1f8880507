import { describe, expect, it } from 'vitest';
import { aProduct } from '../../../support/builders/builders.ts';
import { createExecuteRefundHarness, type ExecuteRefundHarness, tea } from './harness.ts';

describe('execute refund with a concurrent change', () => {
  it('changes nothing if the refund has changed since', async () => {
    const harness = createExecuteRefundHarness(tea(1));
    harness.world.duringCall = () =>
      harness.tables.put('Refunds', { ...harness.refund(), status: 'UNDER_REVIEW', version: 2 });

    await harness.deliver();

    expect(harness.refund()).toMatchObject({ status: 'UNDER_REVIEW', version: 2 });
    expect(harness.payment()).toEqual(harness.requested.payment);
    expect(harness.balance()).toMatchObject({ available: 10_000, spent: 4_000 });
  });

  it('settles although the payment changed during the gateway call', async () => {
    const harness = createExecuteRefundHarness(tea(1));
    harness.world.duringCall = () =>
      harness.tables.put('Payments', { ...harness.payment(), version: 9, refundPending: 2_600 });

    expect(await harness.deliver()).toMatchObject({ outcome: 'SUCCEEDED' });

    expect(harness.payment()).toMatchObject({ version: 10, refunded: 2_500, refundPending: 100 });
    expect(harness.refund()).toMatchObject({ remainingAmount: 2_500, paymentVersion: 10 });
  });
});

describe('settle a paid refund with missing records', () => {
  const sold = aProduct({ sku: 'tea', sold: 0, available: 9 });

  it.each<[string, (harness: ExecuteRefundHarness) => void, object, object]>([
    [
      'a missing product',
      ({ tables }) => tables.deleteItem('Products', { sku: 'tea' }),
      { target: 'STOCK#tea', delta: 1, outcome: 'target-missing' },
      { products: [] },
    ],
    [
      'a product with fewer sales than units',
      ({ tables }) => tables.put('Products', sold),
      { target: 'STOCK#tea', delta: 1, outcome: 'target-mismatch' },
      { products: [sold] },
    ],
    [
      'a missing balance',
      ({ tables }) => tables.deleteItem('Balances', { userId: 'alice' }),
      { target: 'BALANCE#alice', delta: 1_500, outcome: 'target-missing' },
      { balance: undefined },
    ],
    [
      'a balance with less spent than was paid',
      ({ tables, balance }) => tables.put('Balances', { ...balance(), spent: 1_499 }),
      { target: 'BALANCE#alice', delta: 1_500, outcome: 'target-mismatch' },
      { balance: expect.objectContaining({ spent: 1_499 }) },
    ],
    [
      'a missing order',
      ({ tables, order }) => tables.deleteItem('Orders', { orderId: order().orderId }),
      { target: expect.stringMatching(/^ORDER#/), delta: 0, outcome: 'target-missing' },
      { order: undefined },
    ],
    [
      'an order in a status that cannot be refunded',
      ({ tables, order }) => tables.put('Orders', { ...order(), status: 'CANCELLED' }),
      { target: expect.stringMatching(/^ORDER#/), delta: 0, outcome: 'target-mismatch' },
      { order: expect.objectContaining({ status: 'CANCELLED' }) },
    ],
  ])('succeeds once, settles the rest and records %s', async (_what, happen, skipped, rest) => {
    const harness = createExecuteRefundHarness(tea(1));
    happen(harness);

    expect(await harness.deliver()).toMatchObject({ outcome: 'SUCCEEDED' });

    expect(harness.calls()).toEqual(['refund']);
    expect(harness.refund()).toMatchObject({ pg: { refundId: 'rfn_1' }, skipped: [skipped] });
    expect(harness.payment()).toMatchObject({ refunded: 2_500, refundPending: 0 });
    expect({
      products: harness.products(),
      balance: harness.balance(),
      order: harness.order(),
    }).toMatchObject({
      products: [{ sold: 1 }],
      balance: { spent: 2_500 },
      order: { status: 'PARTIALLY_REFUNDED' },
      ...rest,
    });
  });

  it('restores no units or money that its capture could not settle', async () => {
    const harness = createExecuteRefundHarness(tea(1));
    const skipped = [
      { target: 'STOCK#tea', delta: 2, outcome: 'target-missing' },
      { target: 'BALANCE#alice', delta: 4_000, outcome: 'target-mismatch' },
    ] as const;
    harness.tables.put('Payments', { ...harness.payment(), skipped });

    await harness.deliver();

    expect(harness.refund()).toMatchObject({
      status: 'SUCCEEDED',
      skipped: [
        { target: 'BALANCE#alice', delta: 1_500, outcome: 'target-mismatch' },
        { target: 'STOCK#tea', delta: 1, outcome: 'target-missing' },
      ],
    });
    expect(harness.products()).toMatchObject([{ sold: 2 }]);
    expect(harness.balance()).toMatchObject({ spent: 4_000 });
  });
});
