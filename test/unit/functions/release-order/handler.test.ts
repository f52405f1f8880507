import { describe, expect, it } from 'vitest';
import { noon } from '../../../support/builders/builders.ts';
import {
  createCompensationHarness,
  fixturePayment,
  rejectedPayment,
} from '../compensation-harness.ts';

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
