import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Coupon } from '../../../../shared/domain/orders/order.ts';
import { aCoupon } from '../../../support/builders/builders.ts';
import { createOrderHarness } from './harness.ts';

afterEach(() => vi.restoreAllMocks());

describe('create order with a coupon', () => {
  it('uses the coupon and discounts the order', async () => {
    const coupon = aCoupon({ userId: 'alice', amountOff: 500 });
    const shop = createOrderHarness({ coupons: [coupon] });

    const { body } = await shop.order({ couponId: coupon.couponId });

    expect(body).toMatchObject({ subtotal: 2_500, discount: 500, total: 2_000 });
    expect(shop.coupons()).toEqual([{ ...coupon, status: 'USED', orderId: body.orderId }]);
    expect(shop.orders()).toMatchObject([{ couponId: coupon.couponId }]);
  });

  it('uses a coupon once', async () => {
    const coupon = aCoupon({ userId: 'alice' });
    const shop = createOrderHarness({ coupons: [coupon] });
    const { body: first } = await shop.order({ couponId: coupon.couponId });

    expect(await shop.order({ key: 'k-2', couponId: coupon.couponId })).toMatchObject({
      status: 409,
      body: { code: 'coupon-not-usable' },
    });
    expect(shop.orders()).toHaveLength(1);
    expect(shop.coupons()).toMatchObject([{ orderId: first.orderId }]);
  });

  it.each([
    ['of another buyer', aCoupon({ userId: 'bob' })],
    ['expired', aCoupon({ userId: 'alice', expiresAt: '2026-03-14T12:00:00.000Z' })],
    ['in another currency', aCoupon({ userId: 'alice', currency: 'USD' })],
  ])('rejects a coupon that is %s and stores nothing', async (_what, coupon) => {
    const shop = createOrderHarness({ coupons: [coupon] });

    expect(await shop.order({ couponId: coupon.couponId })).toMatchObject({
      status: 409,
      body: { code: 'coupon-not-usable' },
    });
    expect(shop.orders()).toEqual([]);
    expect(shop.coupons()).toEqual([coupon]);
  });

  // The first read of the clock returns noon UTC.
  it.each([
    ['in Seoul, an hour ago', '2026-03-14T20:00:00+09:00', 409],
    ['in Seoul, now', '2026-03-14T21:00:00+09:00', 409],
    ['in Seoul, in a second', '2026-03-14T21:00:01+09:00', 201],
    ['in Los Angeles, in three hours', '2026-03-14T08:00:00-07:00', 201],
    ['in Los Angeles, an hour ago', '2026-03-14T04:00:00-07:00', 409],
  ])('compares the end of a coupon by instant: %s', async (_when, expiresAt, status) => {
    const coupon = aCoupon({ userId: 'alice', expiresAt });
    const shop = createOrderHarness({ coupons: [coupon] });

    expect(await shop.order({ couponId: coupon.couponId })).toMatchObject({ status });
  });

  it.each([
    ['a negative amount', { amountOff: -500 }, 'amountOff'],
    ['an amount of 0', { amountOff: 0 }, 'amountOff'],
    ['a percentage', { amountOff: 0.1 }, 'amountOff'],
    ['an amount as text', { amountOff: '500' }, 'amountOff'],
    ['a date alone as its end', { expiresAt: '2999-12-31' }, 'expiresAt'],
    ['epoch seconds as its end', { expiresAt: 32_503_680_000 }, 'expiresAt'],
    ['no end', { expiresAt: undefined }, 'expiresAt'],
    ['nonsense as its end', { expiresAt: 'never' }, 'expiresAt'],
    ['no amount and no end', { amountOff: null, expiresAt: null }, 'amountOff, expiresAt'],
  ])('rejects a coupon with %s by name and stores nothing', async (_what, bad, fields) => {
    const coupon = { ...aCoupon({ userId: 'alice', couponId: 'spring' }), ...bad };
    const shop = createOrderHarness({ coupons: [coupon as unknown as Coupon] });

    expect(await shop.order({ couponId: 'spring' })).toMatchObject({
      status: 409,
      body: {
        code: 'coupon-not-usable',
        detail: `The coupon "spring" is not valid as stored: ${fields}.`,
      },
    });
    expect(shop.orders()).toEqual([]);
    expect(shop.coupons()).toEqual([coupon]);
  });
});
