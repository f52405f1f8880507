import { describe, expect, it } from 'vitest';
import type { Payment } from '../../shared/domain/payment.ts';
import { api, type PlacedOrder } from '../support/api.ts';
import { aClaimedPayment, aPaymentRefusedBefore } from '../support/by-hand.ts';
import { compensate } from '../support/compensation.ts';
import { eventually } from '../support/eventually.ts';
import { compensationsOf, storedPayment } from '../support/stores.ts';
import {
  aBuyer,
  aCoupon,
  anOrder,
  aProduct,
  books,
  couponOf,
  orderOf,
  stock,
} from '../support/world.ts';

/** A payment that is being charged, for longer than any test. */
const held = (order: PlacedOrder): Promise<Payment> =>
  aClaimedPayment(order, new Date(Date.now() + 3_600_000));

const paid = async (order: PlacedOrder): Promise<Payment> => {
  const { paymentId } = await api.accepted(order);

  return eventually(async () => {
    const stored = await storedPayment(paymentId);
    expect(stored).toMatchObject({ status: 'COMPLETED' });

    return stored;
  });
};

describe.concurrent('a compensation that comes after another payment of the order was accepted', () => {
  it.each([
    ['still holds it', held],
    ['has paid it', paid],
  ])('touches neither order nor coupon of the payment that %s', async (_case, pay) => {
    const buyer = await aBuyer();
    const sku = await aProduct();
    const couponId = await aCoupon({ buyer });
    const order = await anOrder({ buyer, couponId, lines: [{ sku, quantity: 2 }] });
    const second = await pay(order);
    const state = async () => ({
      order: await orderOf(order.orderId),
      coupon: await couponOf(buyer, couponId),
      books: await books.of(buyer),
      stock: await stock.of(sku),
    });
    const before = await state();

    const first = await aPaymentRefusedBefore(order);
    await eventually(async () =>
      expect(await storedPayment(first.paymentId)).toMatchObject({ status: 'COMPENSATED' }),
    );
    await compensate(first.paymentId);

    expect(await compensationsOf(first.paymentId)).toMatchObject({
      [`ORDER#${order.orderId}`]: { outcome: 'held-by-another-payment' },
      [`COUPON#${couponId}`]: { outcome: 'held-by-another-payment' },
      [`BALANCE#${buyer}`]: { delta: 0 },
    });
    expect(before.coupon).toMatchObject({ status: 'USED', orderId: order.orderId });
    expect(await state()).toEqual(before);
    expect(await storedPayment(second.paymentId)).toEqual(second);
  });
});
