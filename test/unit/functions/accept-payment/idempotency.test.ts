import { describe, expect, it } from 'vitest';
import type { OrderStatus } from '../../../../shared/domain/orders/order.ts';
import { aTill } from './harness.ts';

const wish = { key: 'k-1', orderId: 'ord_0', paymentMethod: 'sim_approve' };

const move = (till: ReturnType<typeof aTill>, status: OrderStatus) =>
  till.tables.put('Orders', { ...till.orders()[0], status });

describe('the same key', () => {
  it.each(['PAYING', 'COMPLETED', 'REFUNDED', 'CANCELLED'] as const)(
    'gives its first answer again, here and elsewhere, when the order is %s',
    async (status) => {
      const till = aTill();
      const here = till.environment();
      const first = await here(wish);
      move(till, status);

      const again = [await here(wish), await till.environment()(wish)];

      expect(first).toMatchObject({ status: 202, isReplay: false });
      expect(again).toEqual([1, 2].map(() => ({ ...first, isReplay: true })));
      expect(till.payments()).toHaveLength(1);
      expect(till.balance()).toMatchObject({ available: 7_500, held: 2_500 });
    },
  );

  it.each([
    ['accepted', {}, [2, 0, 2]],
    ['refused', { stock: 0 }, [3, 0, 2]],
  ])('asks nobody where it was answered before, once %s', async (_what, shop, expected) => {
    const commands: unknown[] = [];
    const till = aTill({ ...shop, turn: async () => commands.push('a command') });
    const here = till.environment();

    await here(wish);
    const first = commands.splice(0);
    await here(wish);
    const again = commands.splice(0);
    await till.environment()(wish);

    expect([first.length, again.length, commands.length]).toEqual(expected);
  });

  it.each([
    ['insufficient-balance', { available: 2_499 }, 402],
    ['out-of-stock', { stock: 0 }, 409],
  ])('gives %s again, here and elsewhere, whatever there is by now', async (code, shop, status) => {
    const till = aTill(shop);
    const here = till.environment();
    const first = await here(wish);
    till.tables.put('Balances', { ...till.balance(), available: 9_999, deposited: 9_999 });
    till.tables.put('Products', { ...till.product(), available: 9, received: 9 });

    const early = [await here(wish), await till.environment()(wish)];
    move(till, 'CANCELLED');
    const late = [await here(wish), await till.environment()(wish)];

    expect(first).toMatchObject({ status, isReplay: false, body: { code } });
    expect([...early, ...late]).toEqual([1, 2, 3, 4].map(() => ({ ...first, isReplay: true })));
  });

  it.each([
    ['an accepted payment', {}],
    ['a refused one', { available: 0 }],
  ])('is refused with another body, here and elsewhere, after %s', async (_what, shop) => {
    const till = aTill(shop);
    const here = till.environment();
    await here(wish);

    for (const other of [
      { paymentMethod: 'sim_decline' },
      { expectedAmount: 2_500 },
      { expectedAmount: 1 },
      { orderId: 'ord_1' },
      { orderId: 'ord_2' },
    ]) {
      for (const environment of [here, till.environment()]) {
        expect(await environment({ ...wish, ...other })).toMatchObject({
          status: 422,
          isReplay: false,
          body: { code: 'idempotency-key-reused' },
        });
      }
    }
    expect(till.payments()).toHaveLength(1);
    expect(await here(wish)).toMatchObject({ isReplay: true });
  });

  it('is told how its order stands where nothing was begun under it, and never accepted', async () => {
    const till = aTill();
    const here = till.environment();
    await here(wish);
    const other = { ...wish, key: 'k-2' };

    const during = await here(other);
    move(till, 'COMPLETED');
    const after = [await here(other), await till.environment()(other)];

    expect(during).toMatchObject({ status: 409, body: { code: 'payment-in-progress' } });
    for (const reply of after) {
      expect(reply).toMatchObject({
        status: 409,
        isReplay: false,
        body: { code: 'order-not-payable' },
      });
    }
    expect(till.payments()).toHaveLength(1);
  });

  it('has not been used by what was refused before anything was begun', async () => {
    const till = aTill();
    const here = till.environment();
    await here({ ...wish, orderId: 'ord_2' });
    await here({ ...wish, expectedAmount: 1 });

    expect(await here(wish)).toMatchObject({ status: 202, isReplay: false });
  });
});
