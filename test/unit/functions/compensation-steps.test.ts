import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceUnavailableError } from '../../../shared/domain/errors.ts';
import { aBalance, noon } from '../../support/builders/builders.ts';
import { afterTransitions, applyTransition } from '../../support/builders/payment-history.ts';
import {
  createCompensationHarness,
  fixturePayment,
  rejectedPayment,
  restoredBooks,
  unchangedBooks,
} from './compensation-harness.ts';

describe('restore stock', () => {
  it('restores the reserved units once per SKU', async () => {
    const failed = createCompensationHarness();

    expect(await failed.stock()).toEqual({ outcome: 'restored' });
    expect(await failed.stock()).toEqual({ outcome: 'already-recorded' });

    expect(failed.books().stock).toEqual(restoredBooks.stock);
    expect(failed.records()).toEqual({
      'STOCK#tea': { delta: 2, outcome: 'restored' },
      'STOCK#cup': { delta: 1, outcome: 'restored' },
    });
  });

  it('restores the other SKUs when one fails, and retries only that one', async () => {
    const failed = createCompensationHarness();
    failed.tables.beforeWrite = (written) => {
      if (written.includes('STOCK#tea')) throw new Error('no tea');
    };

    await expect(failed.stock()).rejects.toThrow('no tea');
    const after = failed.books().stock;
    failed.tables.beforeWrite = () => {};
    await failed.stock();

    expect(after).toEqual({ ...unchangedBooks.stock, cup: restoredBooks.stock.cup });
    expect(failed.books().stock).toEqual(restoredBooks.stock);
  });

  it('records that nothing was reserved', async () => {
    const refused = createCompensationHarness(rejectedPayment());

    await refused.stock();

    expect(refused.books()).toEqual(unchangedBooks);
    expect(refused.records()).toEqual({ 'STOCK#NONE': { delta: 0, outcome: 'nothing-reserved' } });
  });

  it.each([
    ['is gone', 'target-missing', undefined],
    [
      'was created again',
      'target-mismatch',
      { sku: 'tea', available: 0, reserved: 1, sold: 0, received: 1 },
    ],
  ])('records a product that %s and succeeds', async (_what, outcome, product) => {
    const failed = createCompensationHarness();
    failed.tables.deleteItem('Products', { sku: 'tea' });
    if (product) failed.tables.put('Products', product);

    expect(await failed.stock()).toEqual({ outcome: `${outcome}, restored` });

    expect(failed.books().stock).toMatchObject({ cup: restoredBooks.stock.cup });
    expect(failed.tables.items('Products')).toEqual(
      expect.arrayContaining(product ? [product] : []),
    );
    expect(failed.records()).toEqual({
      'STOCK#tea': { delta: 0, outcome },
      'STOCK#cup': { delta: 1, outcome: 'restored' },
    });
  });

  it('does not change a product that returns after it was recorded as gone', async () => {
    const failed = createCompensationHarness();
    failed.tables.deleteItem('Products', { sku: 'tea' });
    await failed.stock();
    const anew = { sku: 'tea', available: 7, reserved: 3 };
    failed.tables.put('Products', anew);

    expect(await failed.stock()).toEqual({ outcome: 'already-recorded' });

    expect(failed.books().stock).toMatchObject({ tea: { available: 7, reserved: 3 } });
  });
});

describe('restore balance', () => {
  it('restores the held amount once', async () => {
    const failed = createCompensationHarness();

    expect(await failed.balance()).toEqual({ outcome: 'restored' });
    expect(await failed.balance()).toEqual({ outcome: 'already-recorded' });

    expect(failed.books().money).toEqual(restoredBooks.money);
    expect(failed.records()).toEqual({ 'BALANCE#alice': { delta: 5_000, outcome: 'restored' } });
  });

  it.each([
    ['accept was rejected', rejectedPayment()],
    [
      'the coupon covered the full amount',
      { payment: { ...fixturePayment('holdReleased'), reservation: { balance: 0, lines: [] } } },
    ],
  ])('records that nothing was held if %s', async (_why, given) => {
    const failed = createCompensationHarness(given);

    expect(await failed.balance()).toEqual({ outcome: 'nothing-reserved' });

    expect(failed.books()).toEqual(unchangedBooks);
    expect(failed.records()).toEqual({
      'BALANCE#alice': { delta: 0, outcome: 'nothing-reserved' },
    });
  });

  it.each([
    ['is gone', 'target-missing', undefined],
    ['holds less than the payment', 'target-mismatch', { held: 4_999 }],
    ['is in another currency', 'target-mismatch', { held: 5_000, currency: 'USD' }],
  ])('records a balance that %s and succeeds', async (_what, outcome, given) => {
    const failed = createCompensationHarness();
    failed.tables.deleteItem('Balances', { userId: 'alice' });
    const balance = given && aBalance({ userId: 'alice', ...given });
    if (balance) failed.tables.put('Balances', balance);

    expect(await failed.balance()).toEqual({ outcome });

    expect(failed.tables.items('Balances')).toEqual(balance ? [balance] : []);
    expect(failed.records()).toEqual({ 'BALANCE#alice': { delta: 0, outcome } });
  });
});

describe('release order', () => {
  it('cancels the order and restores its coupon once', async () => {
    const failed = createCompensationHarness();

    expect(await failed.order()).toEqual({ outcome: 'cancelled' });
    expect(await failed.order()).toEqual({ outcome: 'already-recorded' });

    expect(failed.storedOrder()).toMatchObject({ status: 'CANCELLED', version: 3 });
    expect(failed.storedOrder()).not.toHaveProperty('activePaymentId');
    expect(failed.storedCoupon()).toMatchObject({ status: 'AVAILABLE' });
    expect(failed.storedCoupon()).not.toHaveProperty('orderId');
    expect(failed.records()).toEqual({
      'ORDER#ord_1': { delta: 0, outcome: 'cancelled' },
      'COUPON#c': { delta: 0, outcome: 'restored' },
    });
  });

  it('cancels the order that a rejected payment never held', async () => {
    const refused = createCompensationHarness(rejectedPayment());

    await refused.order();

    expect(refused.storedOrder()).toMatchObject({ status: 'CANCELLED' });
    expect(refused.storedCoupon()).toMatchObject({ status: 'AVAILABLE' });
  });

  it('changes nothing if another payment holds the order', async () => {
    const { payment, order } = rejectedPayment();
    const held = { ...order, status: 'PAYING', activePaymentId: 'pay_2', version: 2 } as const;
    const late = createCompensationHarness({ payment, order: held });

    expect(await late.order()).toEqual({ outcome: 'held-by-another-payment' });

    expect(late.storedOrder()).toEqual(held);
    expect(late.storedCoupon()).toMatchObject({ status: 'USED', orderId: 'ord_1' });
    expect(late.records()).toEqual({
      'ORDER#ord_1': { delta: 0, outcome: 'held-by-another-payment' },
      'COUPON#c': { delta: 0, outcome: 'held-by-another-payment' },
    });
  });

  it('changes nothing if the other payment is accepted between read and write', async () => {
    const { payment, order } = rejectedPayment();
    const held = { ...order, status: 'PAYING', activePaymentId: 'pay_2', version: 2 } as const;
    const late = createCompensationHarness({ payment, order });
    late.tables.beforeWrite = () => late.tables.put('Orders', held);

    expect(await late.order()).toEqual({ outcome: 'held-by-another-payment' });

    expect(late.storedOrder()).toEqual(held);
    expect(late.storedCoupon()).toMatchObject({ status: 'USED' });
  });

  it('does not restore a coupon that changed hands between read and write', async () => {
    const failed = createCompensationHarness();
    const taken = { ...failed.storedCoupon(), orderId: 'ord_2' };
    failed.tables.beforeWrite = () => failed.tables.put('Coupons', taken);

    expect(await failed.order()).toEqual({ outcome: 'cancelled' });

    expect(failed.storedCoupon()).toEqual(taken);
    expect(failed.records()).toMatchObject({ 'COUPON#c': { outcome: 'not-used-by-order' } });
  });

  it('restores an expired coupon as EXPIRED', async () => {
    const { storedCoupon } = createCompensationHarness();
    const failed = createCompensationHarness({
      coupon: { ...storedCoupon(), expiresAt: noon.toISOString() },
    });

    await failed.order();

    expect(failed.storedCoupon()).toMatchObject({ status: 'EXPIRED' });
    expect(failed.records()).toMatchObject({ 'COUPON#c': { outcome: 'expired' } });
  });

  it('records a missing order and restores its coupon', async () => {
    const failed = createCompensationHarness();
    failed.tables.deleteItem('Orders', { orderId: 'ord_1' });

    expect(await failed.order()).toEqual({ outcome: 'target-missing' });

    expect(failed.storedCoupon()).toMatchObject({ status: 'AVAILABLE' });
    expect(failed.tables.items('Orders')).toEqual([]);
    expect(failed.records()).toEqual({
      'ORDER#ord_1': { delta: 0, outcome: 'target-missing' },
      'COUPON#c': { delta: 0, outcome: 'restored' },
    });
  });

  it('records a missing coupon and cancels the order', async () => {
    const failed = createCompensationHarness();
    failed.tables.deleteItem('Coupons', { userId: 'alice', couponId: 'c' });

    expect(await failed.order()).toEqual({ outcome: 'cancelled' });

    expect(failed.storedOrder()).toMatchObject({ status: 'CANCELLED' });
    expect(failed.tables.items('Coupons')).toEqual([]);
    expect(failed.records()).toMatchObject({ 'COUPON#c': { outcome: 'target-missing' } });
  });

  it.each([
    ['order', 'Orders', { orderId: 'ord_1' }, 'ORDER#ord_1'],
    ['coupon', 'Coupons', { userId: 'alice', couponId: 'c' }, 'COUPON#c'],
  ])('records the %s if it is deleted between read and write', async (_, table, key, target) => {
    const failed = createCompensationHarness();
    failed.tables.beforeWrite = () => failed.tables.deleteItem(table, key);

    await failed.order();

    expect(failed.tables.items(table)).toEqual([]);
    expect(failed.records()[target]).toEqual({ delta: 0, outcome: 'target-missing' });
  });

  it('records an order that is already cancelled', async () => {
    const { storedOrder } = createCompensationHarness();
    const cancelled = { ...storedOrder(), status: 'CANCELLED' } as const;
    const failed = createCompensationHarness({ order: cancelled });

    expect(await failed.order()).toEqual({ outcome: 'already-cancelled' });

    expect(failed.storedOrder()).toEqual(cancelled);
  });

  it('releases an order without a coupon', async () => {
    const { couponId, ...payment } = fixturePayment('holdReleased');
    const failed = createCompensationHarness({ payment });

    await failed.order();

    expect(failed.records()).toEqual({ 'ORDER#ord_1': { delta: 0, outcome: 'cancelled' } });
  });
});

describe.each(['stock', 'balance', 'order'] as const)('compensation step of the %s', (step) => {
  it.each([
    ['reserved', fixturePayment()],
    ['being charged', fixturePayment('claimed')],
    ['of an unknown outcome', fixturePayment('claimed', 'outcomeUnknown')],
    ['completed', fixturePayment('claimed', 'captured')],
    ['in review because amounts disagree', fixturePayment('claimed', 'reviewOpened')],
  ])('restores nothing of a payment that is %s', async (_state, payment) => {
    const open = createCompensationHarness({ payment });

    await expect(open[step]()).rejects.toThrow('must not be compensated');

    expect(open.books()).toEqual(unchangedBooks);
    expect(open.storedOrder()).toMatchObject({ status: 'PAYING' });
    expect(open.records()).toEqual({});
  });

  it('restores nothing of a payment that is captured between read and write', async () => {
    const failed = createCompensationHarness();
    const captured = afterTransitions(failed.payment(), 'reviewOpened', 'captured');
    failed.tables.beforeWrite = () => failed.tables.put('Payments', captured);

    await expect(failed[step]()).rejects.toThrow('must not be compensated');

    expect(failed.books()).toEqual(unchangedBooks);
    expect(failed.storedOrder()).toMatchObject({ status: 'PAYING' });
    expect(failed.records()).toEqual({});
  });

  it('continues if the payment entered the review of this compensation', async () => {
    const failed = createCompensationHarness();
    const review = applyTransition(failed.payment(), 'reviewOpened');
    failed.tables.beforeWrite = () => failed.tables.put('Payments', review);

    await failed[step]();

    expect(Object.keys(failed.records())).not.toEqual([]);
  });

  it('throws if the payment does not exist', async () => {
    await expect(createCompensationHarness()[step]('pay_none')).rejects.toThrow(
      'Payment pay_none not found',
    );
  });
});

it('restores everything once, whatever fails and however often the step runs', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('stock', 'balance', 'order', 'finish' as const), { maxLength: 12 }),
      fc.infiniteStream(fc.boolean()),
      async (runs, fails) => {
        const failed = createCompensationHarness();
        const perhaps = () => {
          if (fails.next().value) throw new ServiceUnavailableError('lost');
        };

        Object.assign(failed.tables, { beforeWrite: perhaps, afterWrite: perhaps });
        for (const run of runs)
          await Promise.allSettled([run === 'finish' ? failed.finish() : failed[run]()]);
        if (failed.payment().status === 'COMPENSATED')
          expect(failed.books()).toEqual(restoredBooks);
        Object.assign(failed.tables, { beforeWrite: () => {}, afterWrite: () => {} });
        await failed.undoAll();
        const { status, missing } = await failed.finish();

        expect({ status, missing }).toEqual({ status: 'COMPENSATED', missing: [] });
        expect(failed.books()).toEqual(restoredBooks);
        expect(failed.storedOrder().status).toBe('CANCELLED');
        expect(failed.storedCoupon().status).toBe('AVAILABLE');
      },
    ),
  );
});

it('ends COMPENSATED even if its targets are missing when a step runs', async () => {
  const targets = [
    ['Products', { sku: 'tea' }, 'STOCK#tea'],
    ['Products', { sku: 'cup' }, 'STOCK#cup'],
    ['Balances', { userId: 'alice' }, 'BALANCE#alice'],
    ['Orders', { orderId: 'ord_1' }, 'ORDER#ord_1'],
    ['Coupons', { userId: 'alice', couponId: 'c' }, 'COUPON#c'],
  ] as const;
  await fc.assert(
    fc.asyncProperty(fc.subarray([...targets]), fc.boolean(), async (gone, isLate) => {
      const failed = createCompensationHarness();
      const vanish = () => {
        for (const [table, key] of gone) failed.tables.deleteItem(table, key);
      };
      if (isLate) failed.tables.beforeWrite = vanish;
      else vanish();

      await failed.undoAll();
      const { status, missing } = await failed.finish();

      expect({ status, missing }).toEqual({ status: 'COMPENSATED', missing: [] });
      const recorded = Object.entries(failed.records())
        .filter(([, { outcome }]) => outcome === 'target-missing')
        .map(([target]) => target);
      expect(recorded.toSorted()).toEqual(gone.map(([, , target]) => target).toSorted());
    }),
  );
});
