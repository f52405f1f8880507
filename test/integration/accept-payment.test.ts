import { describe, expect, it } from 'vitest';
import { contentHashOf } from '../../shared/domain/ids.ts';
import { transports } from '../support/stack/api-client.ts';
import { pg } from '../support/stack/external-systems.ts';
import { compensationRecordsOf } from '../support/stack/repositories.ts';
import {
  aBuyer,
  aCoupon,
  anOrder,
  aProduct,
  balancePart,
  couponOf,
  orderOf,
  stock,
  uniqueId,
  wallets,
} from '../support/stack/stack-fixtures.ts';
import type { Reply } from '../support/stack/transports.ts';

/** The order with one unit of each line, and the hash of that content. */
const withOneUnit = ({ lines, couponId, total, currency, expiresAt }: Reply['body']) => {
  const one = (lines as readonly object[]).map((line) => ({ ...line, quantity: 1 }));
  const content = { lines: one, couponId, total, currency, expiresAt };

  return { ...content, contentHash: contentHashOf(content) };
};

describe.concurrent.each(transports)('a payment over %s', (_name, api) => {
  it('returns 202 immediately, charges once and leaves the ledger reconciled', async () => {
    const buyer = await aBuyer({ available: 10_000 });
    const sku = await aProduct({ available: 10, price: 2_500 });
    const order = await api.placeOrder({ buyer, lines: [{ sku, quantity: 3 }] });

    const reply = await api.pay(order, { balanceAmount: balancePart });
    const paymentId = `${reply.body.paymentId}`;
    const self = `/payments/${paymentId}`;
    const waited = await api.send({
      method: 'GET',
      path: self,
      buyer,
      headers: { prefer: 'wait=20' },
    });

    expect(reply).toMatchObject({
      status: 202,
      headers: { location: self.slice(1), 'retry-after': '1' },
      body: {
        orderId: order.orderId,
        status: 'PENDING',
        amount: 7_500,
        currency: 'KRW',
        links: { self, timeline: `${self}/timeline` },
      },
    });
    expect(waited).toMatchObject({ status: 200, body: { status: 'COMPLETED', amount: 7_500 } });
    expect(await wallets.of(buyer)).toEqual({
      available: 9_000,
      held: 0,
      spent: 1_000,
      deposited: 10_000,
    });
    expect(await stock.of(sku)).toEqual({ available: 7, reserved: 0, sold: 3, received: 10 });
    expect(await api.order(order)).toMatchObject({ status: 200, body: { status: 'COMPLETED' } });
    expect(await pg.chargesOf(paymentId)).toMatchObject({
      counts: { requests: 1 },
      charges: [{ reference: paymentId, amount: 6_500, currency: 'KRW' }],
    });
  });

  it.each<[string, (order: Reply['body']) => object]>([
    ['as it was answered', (order) => order],
    ['with fewer units and the hash of the stored order', (order) => ({ ...order, lines: [] })],
    ['with fewer units and a hash that fits', withOneUnit],
  ])('pays the stored order if the request has it %s', async (_what, sentOf) => {
    const buyer = await aBuyer({ available: 10_000 });
    const sku = await aProduct({ available: 10, price: 2_500 });
    const body = { lines: [{ sku, quantity: 3 }] };
    const order = await api.send({
      method: 'POST',
      path: '/orders',
      buyer,
      key: uniqueId('order'),
      body,
    });
    const { orderId } = order.body;

    const reply = await api.send({
      method: 'POST',
      path: '/payments',
      buyer,
      key: uniqueId('payment'),
      body: { orderId, paymentMethod: 'sim_approve', order: sentOf(order.body) },
    });

    expect(reply).toMatchObject({ status: 202, body: { orderId, amount: 7_500 } });
    expect(await stock.of(sku)).toMatchObject({ available: 7 });
  });

  it('charges a buyer without a balance by the gateway alone', async () => {
    const buyer = uniqueId('buyer');
    const order = await anOrder({ via: api, buyer });

    const payment = await api.accepted(order);

    expect(await api.settled(payment)).toMatchObject({
      status: 'COMPLETED',
      balanceAmount: 0,
      gatewayAmount: order.total,
    });
    expect(await pg.chargesOf(payment.paymentId)).toMatchObject({
      charges: [{ amount: order.total }],
    });
    const declined = await api.accepted(await anOrder({ via: api, buyer }), {
      paymentMethod: 'sim_decline',
    });
    expect(await api.settled(declined)).toMatchObject({ status: 'FAILED', stage: 'COMPENSATED' });
    expect(await compensationRecordsOf(declined.paymentId)).toMatchObject({
      [`BALANCE#${buyer}`]: { delta: 0, outcome: 'nothing-reserved' },
    });
  });

  it('takes all from the balance without a payment method and calls no gateway', async () => {
    const order = await anOrder({ via: api });
    const { orderId, buyer, total } = order;

    const payment = await api.accepted(order, { body: { orderId, balanceAmount: total } });

    expect(await api.settled(payment)).toMatchObject({
      status: 'COMPLETED',
      balanceAmount: total,
      gatewayAmount: 0,
    });
    expect(await wallets.of(buyer)).toMatchObject({ held: 0, spent: total });
    expect(await pg.chargesOf(payment.paymentId)).toMatchObject({ counts: { requests: 0 } });
  });

  it('rejects more from the balance than the total and holds nothing', async () => {
    const order = await anOrder({ via: api });

    const reply = await api.pay(order, { balanceAmount: order.total + 1 });

    expect(reply).toMatchObject({ status: 422, body: { code: 'balance-exceeds-total' } });
    expect(await wallets.of(order.buyer)).toMatchObject({ held: 0, spent: 0 });
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'PENDING_PAYMENT' });
  });

  it('completes without the gateway if a coupon covers the total', async () => {
    const buyer = await aBuyer({ available: 0 });
    const couponId = await aCoupon({ buyer, amountOff: 5_000 });
    const order = await anOrder({ via: api, buyer, couponId });

    const payment = await api.accepted(order);

    expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED', amount: 0 });
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'COMPLETED' });
    expect(await couponOf(buyer, couponId)).toMatchObject({ status: 'USED' });
    expect(await pg.chargesOf(payment.paymentId)).toMatchObject({ counts: { requests: 0 } });
  });

  it('rejects a total that differs from the expected one and holds nothing', async () => {
    const order = await anOrder({ via: api });
    const { orderId, buyer } = order;

    const reply = await api.pay(order, {
      body: { orderId, paymentMethod: 'sim_approve', expectedAmount: order.total + 1 },
    });

    expect(reply).toMatchObject({ status: 409, body: { code: 'total-changed' } });
    expect(await wallets.of(buyer)).toMatchObject({ held: 0, spent: 0 });
    expect(await orderOf(orderId)).toMatchObject({ status: 'PENDING_PAYMENT' });
  });

  it('lists its transitions in order in the timeline', async () => {
    const order = await anOrder({ via: api });
    const { paymentId, buyer } = await api.accepted(order);
    await api.settled({ paymentId, buyer, orderId: order.orderId });

    const path = `/payments/${paymentId}/timeline`;
    const { body } = await api.send({ method: 'GET', path, buyer });
    const entries = body.entries as { sinceAcceptMs: number; to?: string }[];

    expect(entries.flatMap(({ to = [] }) => to)).toEqual(['RESERVED', 'CHARGING', 'COMPLETED']);
    expect(entries.map(({ sinceAcceptMs }) => sinceAcceptMs)).toEqual(
      entries.map(({ sinceAcceptMs }) => sinceAcceptMs).toSorted((a, b) => a - b),
    );
  });
});
