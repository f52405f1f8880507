import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { api } from '../support/stack/api-client.ts';
import { expireOrder } from '../support/stack/forced-states.ts';
import {
  aBuyer,
  aCoupon,
  anOrder,
  aProduct,
  couponOf,
  orderOf,
  uniqueId,
  wallets,
} from '../support/stack/stack-fixtures.ts';
import { runSweeper } from '../support/stack/sweep.ts';

const anOrderWithCoupon = async () => {
  const buyer = await aBuyer();
  const couponId = await aCoupon({ buyer });
  const lines = [{ sku: await aProduct(), quantity: 1 }];

  return { ...(await anOrder({ buyer, couponId, lines })), couponId, lines };
};

describe.concurrent('an unpaid order', () => {
  it('is cancelled by its buyer, who uses the coupon for the next order', async () => {
    const { orderId, buyer, couponId, lines, ...order } = await anOrderWithCoupon();
    const path = `/orders/${orderId}/cancel`;

    const theirs = await api.send({
      method: 'POST',
      path,
      buyer: await aBuyer(),
      key: uniqueId('key'),
    });
    const cancelled = await api.send({ method: 'POST', path, buyer, key: uniqueId('key') });
    const again = await api.send({ method: 'POST', path, buyer, key: uniqueId('key') });

    expect(theirs).toMatchObject({ status: 404, body: { code: 'order-not-found' } });
    expect(cancelled).toMatchObject({
      status: 200,
      body: { orderId, status: 'CANCELLED', cancelReason: 'cancelled-by-buyer' },
    });
    expect(again).toMatchObject({ status: 200, body: cancelled.body });
    expect(await couponOf(buyer, couponId)).toMatchObject({ status: 'AVAILABLE' });
    expect(await api.pay({ ...order, orderId, buyer })).toMatchObject({
      status: 409,
      body: { code: 'order-not-payable' },
    });
    const next = await anOrder({ buyer, couponId, lines });
    expect(next.total).toBe(order.total);
  });

  it('is listed by status, newest first', async () => {
    const { orderId, buyer } = await anOrder();
    const newer = await anOrder({ buyer });
    const list = (query: object) =>
      api.send({ method: 'GET', path: '/orders', buyer, query: { ...query } });

    await eventually(async () =>
      expect(await list({})).toMatchObject({
        status: 200,
        body: { items: [{ orderId: newer.orderId }, { orderId }] },
      }),
    );

    const first = await list({ status: 'PENDING_PAYMENT', limit: 1 });
    const rest = await list({
      status: 'PENDING_PAYMENT',
      limit: 1,
      cursor: first.body.nextCursor,
    });
    expect(first.body.items).toMatchObject([{ orderId: newer.orderId }]);
    expect(rest.body).toMatchObject({ items: [{ orderId }] });
    expect((await list({ status: 'CANCELLED' })).body).toEqual({ items: [] });
  });

  it('expires: it is no longer payable, the sweeper cancels it and frees its coupon', async () => {
    const { orderId, buyer, couponId, ...order } = await anOrderWithCoupon();
    await expireOrder(orderId);

    const late = await api.pay({ ...order, orderId, buyer });
    await eventually(
      async () => {
        await runSweeper();
        expect(await orderOf(orderId)).toMatchObject({
          status: 'CANCELLED',
          cancelReason: 'expired',
        });
      },
      { intervalMs: 1_000 },
    );
    const later = await api.pay({ ...order, orderId, buyer });

    for (const reply of [late, later]) {
      expect(reply).toMatchObject({ status: 409, body: { code: 'order-expired' } });
    }
    expect(await couponOf(buyer, couponId)).toMatchObject({ status: 'AVAILABLE' });
    expect(await wallets.of(buyer)).toMatchObject({ held: 0, spent: 0 });
  });

  it('frees the coupon after a decline for the same request and key', async () => {
    const { couponId, lines, ...order } = await anOrderWithCoupon();
    const { buyer } = order;
    const payment = await api.accepted(order, { paymentMethod: 'sim_decline' });
    await eventually(async () =>
      expect(await api.payment(payment)).toMatchObject({ body: { status: 'FAILED' } }),
    );
    const key = uniqueId('key');

    await eventually(async () => {
      const body = { lines, couponId };
      const reply = await api.send({ method: 'POST', path: '/orders', buyer, key, body });
      if (reply.status !== 201) {
        expect(reply).toMatchObject({ status: 409, body: { code: 'being-released' } });
      }
      expect(reply).toMatchObject({ status: 201, body: { total: order.total } });
    });
  });
});
