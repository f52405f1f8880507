import { describe, expect, it } from 'vitest';
import type { OrderStatus } from '../../../../shared/domain/orders/order.ts';
import { createAcceptHarness } from './harness.ts';

const request = {
  key: 'k-1',
  orderId: 'ord_0',
  balanceAmount: 1_000,
  paymentMethod: 'sim_approve',
};

const setOrderStatus = (harness: ReturnType<typeof createAcceptHarness>, status: OrderStatus) =>
  harness.tables.put('Orders', { ...harness.orders()[0], status });

describe('accept payment with a repeated idempotency key', () => {
  it.each(['PAYING', 'COMPLETED', 'REFUNDED', 'CANCELLED'] as const)(
    'returns the first response from any process when the order is %s',
    async (status) => {
      const harness = createAcceptHarness();
      const here = harness.environment();
      const first = await here(request);
      setOrderStatus(harness, status);

      const again = [await here(request), await harness.environment()(request)];

      expect(first).toMatchObject({ status: 202, isReplay: false });
      expect(again).toEqual([1, 2].map(() => ({ ...first, isReplay: true })));
      expect(harness.payments()).toHaveLength(1);
      expect(harness.balance()).toMatchObject({ available: 9_000, held: 1_000 });
    },
  );

  it.each([
    ['accepted', {}, [2, 0, 2]],
    ['rejected', { stock: 0 }, [4, 0, 2]],
  ])('answers from the cache without a read once %s', async (_what, shop, expected) => {
    const commands: unknown[] = [];
    const harness = createAcceptHarness({ ...shop, turn: async () => commands.push('a command') });
    const here = harness.environment();

    await here(request);
    const first = commands.splice(0);
    await here(request);
    const again = commands.splice(0);
    await harness.environment()(request);

    expect([first.length, again.length, commands.length]).toEqual(expected);
  });

  it.each([
    ['insufficient-balance', { available: 999 }, 402],
    ['out-of-stock', { stock: 0 }, 409],
  ])(
    'returns the rejection %s again from any process, whatever changed since',
    async (code, shop, status) => {
      const harness = createAcceptHarness(shop);
      const here = harness.environment();
      const first = await here(request);
      harness.tables.put('Balances', { ...harness.balance(), available: 9_999, deposited: 9_999 });
      harness.tables.put('Products', { ...harness.product(), available: 9, received: 9 });

      const early = [await here(request), await harness.environment()(request)];
      setOrderStatus(harness, 'CANCELLED');
      const late = [await here(request), await harness.environment()(request)];

      expect(first).toMatchObject({ status, isReplay: false, body: { code } });
      expect([...early, ...late]).toEqual([1, 2, 3, 4].map(() => ({ ...first, isReplay: true })));
    },
  );

  it.each([
    ['an accepted payment', {}],
    ['a rejected one', { available: 0 }],
  ])('rejects another body under the key in any process after %s', async (_what, shop) => {
    const harness = createAcceptHarness(shop);
    const here = harness.environment();
    await here(request);

    for (const other of [
      { paymentMethod: 'sim_decline' },
      { expectedAmount: 2_500 },
      { expectedAmount: 1 },
      { balanceAmount: 999 },
      { balanceAmount: 2_501 },
      { balanceAmount: undefined },
      { orderId: 'ord_1' },
      { orderId: 'ord_2' },
    ]) {
      for (const environment of [here, harness.environment()]) {
        expect(await environment({ ...request, ...other })).toMatchObject({
          status: 422,
          isReplay: false,
          body: { code: 'idempotency-key-reused' },
        });
      }
    }
    expect(harness.payments()).toHaveLength(1);
    expect(await here(request)).toMatchObject({ isReplay: true });
  });

  it('rejects an unused key with the status of its order', async () => {
    const harness = createAcceptHarness();
    const here = harness.environment();
    await here(request);
    const other = { ...request, key: 'k-2' };

    const during = await here(other);
    setOrderStatus(harness, 'COMPLETED');
    const after = [await here(other), await harness.environment()(other)];

    expect(during).toMatchObject({ status: 409, body: { code: 'payment-in-progress' } });
    for (const reply of after) {
      expect(reply).toMatchObject({
        status: 409,
        isReplay: false,
        body: { code: 'order-not-payable' },
      });
    }
    expect(harness.payments()).toHaveLength(1);
  });

  it('does not consume the key when it rejects before the transaction', async () => {
    const harness = createAcceptHarness();
    const here = harness.environment();
    await here({ ...request, orderId: 'ord_2' });
    await here({ ...request, expectedAmount: 1 });
    await here({ ...request, balanceAmount: 2_501 });

    expect(await here(request)).toMatchObject({ status: 202, isReplay: false });
  });
});
