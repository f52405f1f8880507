import { describe, expect, it } from 'vitest';
import { api } from '../support/api.ts';
import { aPaymentRefusedBefore } from '../support/by-hand.ts';
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

describe.concurrent('a compensation that comes after another payment of the order was accepted', () => {
  it.each([
    ['still holds it', 'sim_unlisted_code', 'UNKNOWN'],
    ['has paid it', 'sim_approve', 'COMPLETED'],
  ])(
    'touches neither order nor coupon of the payment that %s',
    async (_case, paymentMethod, status) => {
      const buyer = await aBuyer();
      const sku = await aProduct();
      const couponId = await aCoupon({ buyer });
      const order = await anOrder({ buyer, couponId, lines: [{ sku, quantity: 2 }] });
      const { paymentId } = await api.accepted(order, { paymentMethod });
      const second = await eventually(async () => {
        const stored = await storedPayment(paymentId);
        expect(stored).toMatchObject({ status });

        return stored;
      });
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
      expect(await storedPayment(paymentId)).toEqual(second);
    },
  );
});
