import { describe, expect, it } from 'vitest';
import type { Order } from '../../../../shared/domain/orders/order.ts';
import { rejectPayment } from '../../../../shared/domain/payments/open-payment.ts';
import { aCoupon, anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions, aStoredRejection } from '../../../support/builders/payment-history.ts';
import { createOrderHarness } from './harness.ts';

const coupon = aCoupon({
  userId: 'alice',
  couponId: 'welcome',
  status: 'USED',
  orderId: 'ord_first',
});
const expiresAt = new Date(noon.getTime() + 60 * 60_000).toISOString();
const first = anOrder({
  orderId: 'ord_first',
  userId: 'alice',
  couponId: 'welcome',
  discount: 500,
  expiresAt,
});
const payment = aPayment({ order: first, paymentId: 'pay_1' });
const paying = { ...first, status: 'PAYING', activePaymentId: 'pay_1' } as const;
const failed = afterTransitions(payment, 'claimed', 'declined');
const refused = aStoredRejection(
  rejectPayment(
    { paymentId: 'pay_1', order: first, paymentMethod: 'sim_approve', requestHash: 'hash' },
    noon,
    { code: 'insufficient-balance', reason: 'The balance was too small.' },
  ),
);

/** A shop whose coupon is used by the first order, and a second order with the same coupon. */
const aSecondOrder = (order: Order, stored?: object) => {
  const shop = createOrderHarness({ coupons: [coupon] });
  shop.put('orders', order);
  if (stored) shop.put('payments', stored);

  return { ...shop, second: () => shop.order({ couponId: 'welcome' }) };
};

describe('create order with a coupon that another order uses', () => {
  it.each<[string, Order, object | undefined, string]>([
    ['whose payment failed and is compensated', paying, failed, '1'],
    ['whose payment was rejected', first, refused, '1'],
    [
      'that was cancelled since the coupon was read',
      { ...first, status: 'CANCELLED' },
      undefined,
      '1',
    ],
    [
      'that expired and waits for the sweeper',
      { ...first, expiresAt: noon.toISOString() },
      undefined,
      '60',
    ],
  ])(
    'answers being-released if the other order is one %s',
    async (_case, order, stored, retryAfter) => {
      const { second } = aSecondOrder(order, stored);

      expect(await second()).toMatchObject({
        status: 409,
        headers: { 'retry-after': retryAfter },
        body: { code: 'being-released', detail: expect.stringContaining('ord_first') },
      });
    },
  );

  it('places the order under the same key once the coupon is available', async () => {
    const shop = aSecondOrder(paying, failed);
    expect(await shop.second()).toMatchObject({ body: { code: 'being-released' } });

    shop.put('coupons', aCoupon({ userId: 'alice', couponId: 'welcome' }));

    const placed = await shop.second();
    expect(placed).toMatchObject({ status: 201, body: { discount: 500 } });
    expect(placed.headers).not.toHaveProperty('idempotency-replayed');
  });

  it.each<[string, Order, object | undefined, string, RegExp]>([
    ['that waits for its payment', first, undefined, '3600', /not paid: cancel/],
    ['that is being paid', paying, afterTransitions(payment, 'claimed'), '1', /being paid/],
    [
      'whose failed payment is under review',
      paying,
      afterTransitions(payment, 'claimed', 'declined', 'reviewOpened'),
      '1',
      /being paid/,
    ],
  ])(
    'answers coupon-not-usable for now if the other order is one %s',
    async (_case, order, stored, retryAfter, detail) => {
      const { second, answers } = aSecondOrder(order, stored);

      expect(await second()).toMatchObject({
        status: 409,
        headers: { 'retry-after': retryAfter },
        body: { code: 'coupon-not-usable', detail: expect.stringMatching(detail) },
      });
      expect(answers.stored()).toEqual([]);
    },
  );

  it.each<[string, Order | undefined]>([
    ['is paid', { ...paying, status: 'COMPLETED' }],
    ['is missing', undefined],
  ])('stores coupon-not-usable for the key if the other order %s', async (_case, order) => {
    const shop = aSecondOrder(order ?? { ...first, orderId: 'ord_other' });

    const answer = await shop.second();
    shop.put('coupons', aCoupon({ userId: 'alice', couponId: 'welcome' }));

    expect(answer).toMatchObject({ status: 409, body: { code: 'coupon-not-usable' } });
    expect(answer.headers).not.toHaveProperty('retry-after');
    expect((await shop.second()).headers).toMatchObject({ 'idempotency-replayed': 'true' });
  });

  it('places the order if the coupon was restored before it is read', async () => {
    const shop = aSecondOrder(paying, failed);
    const { coupons } = shop.stores;
    const { findUse } = coupons;
    coupons.findUse = (...key) => {
      shop.put('coupons', aCoupon({ userId: 'alice', couponId: 'welcome' }));

      return findUse(...key);
    };

    expect(await shop.second()).toMatchObject({ status: 201 });
  });

  it('reads neither orders nor payments if the coupon is available', async () => {
    const shop = createOrderHarness({
      coupons: [aCoupon({ userId: 'alice', couponId: 'welcome' })],
    });
    const { orders, payments } = shop.stores;
    const reads: string[] = [];
    const findOrder = orders.find;
    orders.find = (id) => {
      reads.push(id);

      return findOrder(id);
    };
    payments.find = async (id) => {
      reads.push(id);

      return undefined;
    };

    expect(await shop.order({ couponId: 'welcome' })).toMatchObject({ status: 201 });
    expect(reads).toEqual([]);
  });
});
