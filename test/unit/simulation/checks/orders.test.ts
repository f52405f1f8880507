import { describe, expect, it } from 'vitest';
import { orderTotal } from '../../../simulation/checks/order-total.ts';
import { paidOrder } from '../../../simulation/checks/paid-order.ts';
import { coupon, orders, paid, withItems } from './clean-run.ts';
import { problemsAtEnd } from './run-builder.ts';

describe('the check of paid orders', () => {
  it.each<[string, object]>([
    ['amount', { total: 1 }],
    ['currency', { currency: 'JPY' }],
    ['coupon', { couponId: 'coupon-2' }],
    ['units', { lines: [{ sku: 'tea', quantity: 3, unitPrice: 2_500 }] }],
  ])('reports a payment that has not the %s of its order', async (part, other) => {
    const run = withItems({ Orders: [{ ...orders[0], ...other }] });

    expect(await problemsAtEnd(paidOrder, run)).toContain(`${part} of ${paid.paymentId}`);
  });
});

describe('the check of order totals', () => {
  const [withCoupon, withoutCoupon] = orders;

  it.each([
    ['is the price without the coupon', { ...withCoupon, discount: 0, total: 5_000 }, '4000'],
    ['is less than the sum of the lines', { ...withoutCoupon, total: 4_999 }, '5000'],
  ])('reports a total that %s', async (_, order, expected) => {
    expect(await problemsAtEnd(orderTotal, withItems({ Orders: [order] }))).toBe(
      `total of ${order.orderId} is ${order.total}, expected ${expected}`,
    );
  });

  it('expects 0 if the coupon is worth more than the lines', async () => {
    const items = {
      Orders: [{ ...withCoupon, discount: 5_000, total: 0 }],
      Coupons: [{ ...coupon, amountOff: 100_000 }],
    };

    expect(await problemsAtEnd(orderTotal, withItems(items))).toBe('');
  });

  it('expects nothing of an order whose coupon another system has deleted', async () => {
    expect(await problemsAtEnd(orderTotal, withItems({ Coupons: [] }))).toBe('');
  });
});
