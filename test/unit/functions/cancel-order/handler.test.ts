import { describe, expect, it } from 'vitest';
import {
  cancelOrder,
  toCancelledOrderResponse,
} from '../../../../functions/cancel-order/handler.ts';
import { createCancelOrder } from '../../../../shared/application/orders/cancel-order.ts';
import type { Coupon, Order } from '../../../../shared/domain/orders/order.ts';
import { eventOfChange } from '../../../../shared/domain/outbox/outbox-event.ts';
import { idempotentRoute } from '../../../../shared/http/idempotent-route.ts';
import { aCoupon, anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { createMemoryIdempotencyTable } from '../../../support/fakes/memory-idempotency-table.ts';
import { createMemoryRepositories } from '../../../support/fakes/memory-repositories.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

const order = anOrder({
  orderId: 'ord_1',
  userId: 'alice',
  couponId: 'welcome',
  discount: 500,
  dueShard: '0',
  dueAt: '2099-01-01T00:00:00.000Z',
});
const coupon = aCoupon({
  userId: 'alice',
  couponId: 'welcome',
  status: 'USED',
  orderId: 'ord_1',
});
const payment = aPayment({ order, paymentId: 'pay_1' });
const paying = { ...order, status: 'PAYING', activePaymentId: 'pay_1', version: 2 } as const;
const failed = afterTransitions(payment, 'claimed', 'declined');

interface Stored {
  readonly order?: Order;
  readonly coupon?: Coupon;
  readonly payment?: object;
}

/** POST /orders/ord_1/cancel as composed, over one order of Alice with its coupon. */
const createHarness = (stored: Stored = {}) => {
  const tables = new MemoryDynamo({
    Orders: ['orderId'],
    Coupons: ['userId', 'couponId'],
    Payments: ['paymentId'],
  });
  tables.put('Orders', stored.order ?? order);
  tables.put('Coupons', stored.coupon ?? coupon);
  if (stored.payment) tables.put('Payments', stored.payment);
  const answers = createMemoryIdempotencyTable();
  const stores = createMemoryRepositories(tables.client);
  const handler = idempotentRoute(
    { name: 'cancel-order', parameter: 'orderId', ...answers.store },
    cancelOrder({ ...stores, cancel: createCancelOrder(stores), clock: { now: () => noon } }),
    toCancelledOrderResponse,
  );

  return {
    tables,
    stores,
    answers,
    order: () => tables.items<Order>('Orders')[0] as Order,
    coupon: () => tables.items<Coupon>('Coupons')[0] as Coupon,
    cancel: ({ buyer = 'alice', key = 'k-1', orderId = 'ord_1' } = {}) =>
      call(handler, { method: 'POST', path: `/orders/${orderId}/cancel`, buyer, key }),
  };
};

describe('cancel order', () => {
  it('cancels the order and restores its coupon in one transaction', async () => {
    const shop = createHarness();

    const answer = await shop.cancel();

    expect(answer).toMatchObject({
      status: 200,
      headers: { location: '../../orders/ord_1' },
      body: {
        orderId: 'ord_1',
        status: 'CANCELLED',
        cancelReason: 'cancelled-by-buyer',
        version: 2,
      },
    });
    expect(answer.headers).not.toHaveProperty('idempotency-replayed');
    expect(shop.order()).toMatchObject({ status: 'CANCELLED', version: 2 });
    expect(shop.order()).not.toHaveProperty('dueAt');
    expect(shop.order()).not.toHaveProperty('dueShard');
    expect(shop.coupon()).toMatchObject({ status: 'AVAILABLE' });
    expect(shop.coupon()).not.toHaveProperty('orderId');
  });

  it('publishes OrderCancelled with its reason and the trace of the request', async () => {
    const shop = createHarness();
    await shop.cancel();

    const [change] = shop.tables.changes.filter(({ table }) => table === 'Orders');

    expect(
      eventOfChange({ of: 'order', before: change?.before, after: change?.after }),
    ).toMatchObject({
      name: 'OrderCancelled',
      id: 'ord_1-2',
      traceparent: expect.stringMatching(/^00-/),
      data: { orderId: 'ord_1', reason: 'cancelled-by-buyer' },
    });
  });

  it('restores an expired coupon as EXPIRED', async () => {
    const shop = createHarness({ coupon: { ...coupon, expiresAt: noon.toISOString() } });

    await shop.cancel();

    expect(shop.coupon()).toMatchObject({ status: 'EXPIRED' });
  });

  it.each([
    ['is used by another order', { ...coupon, orderId: 'ord_2' }],
    ['is missing', { ...coupon, couponId: 'another' }],
  ])('cancels the order and changes no coupon if its coupon %s', async (_case, stored) => {
    const shop = createHarness({ coupon: stored });

    expect(await shop.cancel()).toMatchObject({ status: 200, body: { status: 'CANCELLED' } });
    expect(shop.coupon()).toEqual(stored);
  });

  it.each(['cancelled-by-buyer', 'expired', 'payment-failed'] as const)(
    'returns an order that is already CANCELLED (%s)',
    async (cancelReason) => {
      const cancelled = { ...order, status: 'CANCELLED', cancelReason } as const;
      const shop = createHarness({ order: cancelled });

      expect(await shop.cancel()).toMatchObject({
        status: 200,
        headers: { 'idempotency-replayed': 'true' },
        body: { status: 'CANCELLED', cancelReason },
      });
      expect(shop.order()).toEqual(cancelled);
      expect(shop.coupon()).toEqual(coupon);
    },
  );

  it('returns one response per key, even without its idempotency record', async () => {
    const shop = createHarness();
    const first = await shop.cancel();

    const second = await shop.cancel();
    shop.answers.forget();
    const rebuilt = await shop.cancel();

    for (const answer of [second, rebuilt]) {
      expect(answer.body).toEqual(first.body);
      expect(answer.headers).toMatchObject({ 'idempotency-replayed': 'true' });
    }
    expect(shop.order().version).toBe(2);
  });

  it('rejects an order that a payment holds, names the payment, stores no result', async () => {
    const shop = createHarness({ order: paying, payment });

    expect(await shop.cancel()).toMatchObject({
      status: 409,
      headers: { location: '../../payments/pay_1', 'retry-after': '1' },
      body: { code: 'payment-in-progress', paymentId: 'pay_1' },
    });
    expect(shop.order()).toEqual(paying);
    expect(shop.coupon()).toEqual(coupon);

    shop.tables.put('Orders', order);
    expect(await shop.cancel()).toMatchObject({ status: 200 });
  });

  it('answers being-released while its failed payment is compensated', async () => {
    const shop = createHarness({ order: paying, payment: failed });

    expect(await shop.cancel()).toMatchObject({
      status: 409,
      headers: { 'retry-after': '1' },
      body: { code: 'being-released' },
    });
    expect(shop.order()).toEqual(paying);
  });

  it('answers payment-in-progress while its failed payment is under review', async () => {
    const reviewed = afterTransitions(payment, 'claimed', 'declined', 'reviewOpened');
    const shop = createHarness({ order: paying, payment: reviewed });

    expect(await shop.cancel()).toMatchObject({ body: { code: 'payment-in-progress' } });
  });

  it.each(['COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED'] as const)(
    'rejects an order that is %s',
    async (status) => {
      const shop = createHarness({ order: { ...paying, status } });

      expect(await shop.cancel()).toMatchObject({
        status: 409,
        body: {
          code: 'order-not-cancellable',
          detail: `An order in status ${status} cannot be cancelled.`,
        },
      });
    },
  );

  it.each([
    ['a payment is accepted', paying, { status: 409, body: { code: 'payment-in-progress' } }],
    [
      'the sweeper cancels the order',
      { ...order, status: 'CANCELLED', cancelReason: 'expired', version: 2 },
      { status: 200, body: { cancelReason: 'expired' } },
    ],
  ] as const)('reads again if %s meanwhile', async (_case, meanwhile, expected) => {
    const shop = createHarness({ payment });
    const { findUse: find } = shop.stores.coupons;
    shop.stores.coupons.findUse = (...key) => {
      shop.tables.put('Orders', meanwhile);

      return find(...key);
    };

    expect(await shop.cancel()).toMatchObject(expected);
    expect(shop.order()).toEqual(meanwhile);
    expect(shop.coupon()).toEqual(coupon);
  });

  it("answers another buyer's order like a missing one", async () => {
    const shop = createHarness();

    const theirs = await shop.cancel({ buyer: 'bob' });
    const none = await shop.cancel({ buyer: 'bob', orderId: 'ord_2' });

    expect(theirs).toMatchObject({ status: 404, body: { code: 'order-not-found' } });
    expect(JSON.parse(JSON.stringify(theirs).replaceAll('ord_1', 'ord_2'))).toEqual(none);
    expect(shop.order()).toEqual(order);
  });

  it('rejects a request without an idempotency key', async () => {
    expect(await createHarness().cancel({ key: '' })).toMatchObject({
      status: 400,
      body: { code: 'idempotency-key-missing' },
    });
  });
});
