import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { type Api, type PlacedOrder, transports } from '../support/stack/api-client.ts';
import { pg } from '../support/stack/external-systems.ts';
import { storedPayment } from '../support/stack/repositories.ts';
import {
  aBuyer,
  aCoupon,
  anOrder,
  aProduct,
  balancePart,
  couponOf,
  orderOf,
  stock,
  wallets,
} from '../support/stack/stack-fixtures.ts';

/** Expects a stored rejected payment and a released order. */
const waitForRelease = (api: Api, order: PlacedOrder, paymentId: string) =>
  eventually(async () => {
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'CANCELLED' });
    expect(await api.payment({ ...order, paymentId })).toMatchObject({
      body: { status: 'FAILED', stage: 'COMPENSATED' },
    });
  });

describe.concurrent.each(transports)('accept over %s', (_name, api) => {
  it('rejects a short balance with 402, cancels the order and releases the coupon', async () => {
    const buyer = await aBuyer({ available: balancePart - 1 });
    const sku = await aProduct({ available: 10, price: 2_500 });
    const couponId = await aCoupon({ buyer, amountOff: 500 });
    const order = await anOrder({ via: api, buyer, couponId, lines: [{ sku, quantity: 1 }] });
    const couponBefore = await couponOf(buyer, couponId);

    const reply = await api.pay(order, { balanceAmount: balancePart });

    expect(reply).toMatchObject({ status: 402, body: { code: 'insufficient-balance' } });
    const paymentId = `${reply.body.paymentId}`;
    await waitForRelease(api, order, paymentId);
    expect(couponBefore).toMatchObject({ status: 'USED', orderId: order.orderId });
    expect(await couponOf(buyer, couponId)).toMatchObject({ status: 'AVAILABLE' });
    expect(await wallets.of(buyer)).toMatchObject({
      available: balancePart - 1,
      held: 0,
      spent: 0,
    });
    expect(await stock.of(sku)).toMatchObject({ available: 10, reserved: 0, sold: 0 });
    expect(await pg.chargesOf(paymentId)).toMatchObject({ counts: { requests: 0 } });
  });

  it('rejects missing stock with 409, names each sku and holds nothing', async () => {
    const buyer = await aBuyer({ available: 100_000 });
    const [plenty, short, gone] = await Promise.all([
      aProduct({ available: 10 }),
      aProduct({ available: 1 }),
      aProduct({ available: 0 }),
    ]);
    const lines = [plenty, short, gone].map((sku) => ({ sku, quantity: 2 }));
    const order = await anOrder({ via: api, buyer, lines });

    const reply = await api.pay(order, { balanceAmount: balancePart });

    expect(reply).toMatchObject({
      status: 409,
      body: { code: 'out-of-stock', errors: [{ sku: short }, { sku: gone }] },
    });
    await waitForRelease(api, order, `${reply.body.paymentId}`);
    expect(await wallets.of(buyer)).toMatchObject({ available: 100_000, held: 0 });
    expect(await stock.of(plenty)).toMatchObject({ available: 10, reserved: 0 });
    expect(await stock.of(short)).toMatchObject({ available: 1, reserved: 0 });
  });

  it('adds up two lines of one sku and returns 409, not 500', async () => {
    const sku = await aProduct({ available: 5 });
    const lines = [
      { sku, quantity: 3 },
      { sku, quantity: 3 },
    ];
    const order = await anOrder({ via: api, buyer: await aBuyer({ available: 100_000 }), lines });

    const reply = await api.pay(order);

    expect(reply).toMatchObject({ status: 409, body: { code: 'out-of-stock', errors: [{ sku }] } });
    expect(await storedPayment(`${reply.body.paymentId}`)).not.toHaveProperty('reservation');
    expect(await stock.of(sku)).toMatchObject({ available: 5, reserved: 0 });
  });

  it('reserves two lines of one sku together', async () => {
    const sku = await aProduct({ available: 5, price: 100 });
    const lines = [
      { sku, quantity: 2 },
      { sku, quantity: 3 },
    ];
    const order = await anOrder({ via: api, lines });

    const payment = await api.accepted(order);

    expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED', amount: 500 });
    expect(await stock.of(sku)).toEqual({ available: 0, reserved: 0, sold: 5, received: 5 });
  });

  it('rejects a cancelled order for every other key', async () => {
    const order = await anOrder({ via: api, buyer: await aBuyer({ available: 1 }) });
    const first = await api.pay(order, { balanceAmount: balancePart });
    await waitForRelease(api, order, `${first.body.paymentId}`);

    const second = await api.pay(order);

    expect(second).toMatchObject({ status: 409, body: { code: 'order-not-payable' } });
  });
});
