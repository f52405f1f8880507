import { describe, expect, it } from 'vitest';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { toldAgain } from '../../shared/domain/payments/payment-events.ts';
import { eventually } from '../support/eventually.ts';
import { api, type PlacedOrder } from '../support/stack/api-client.ts';
import { compensate, compensationRunsOf } from '../support/stack/compensation-executions.ts';
import { aClaimedPayment, aPaymentRefusedBefore } from '../support/stack/forced-states.ts';
import { forgetAnswer } from '../support/stack/idempotency-records.ts';
import { publish } from '../support/stack/messages.ts';
import { compensationsOf, movesOf, storedPayment } from '../support/stack/repositories.ts';
import {
  aBuyer,
  aCoupon,
  anOrder,
  aProduct,
  books,
  couponOf,
  orderOf,
  stock,
} from '../support/stack/stack-fixtures.ts';
import { reaches } from '../support/stack/wait-for-status.ts';

/** A payment that is being charged, for longer than any test. */
const held = (order: PlacedOrder): Promise<Payment> =>
  aClaimedPayment(order, new Date(Date.now() + 3_600_000));

const paid = async (order: PlacedOrder): Promise<Payment> => {
  const { paymentId } = await api.accepted(order);

  return reaches(paymentId, 'COMPLETED');
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
    await reaches(first.paymentId, 'COMPENSATED');
    await compensate(first.paymentId);

    expect(await compensationsOf(first.paymentId)).toMatchObject({
      [`ORDER#${order.orderId}`]: { outcome: 'held-by-another-payment' },
      [`COUPON#${couponId}`]: { outcome: 'held-by-another-payment' },
      [`BALANCE#${buyer}`]: { delta: 0 },
    });
    expect(before.coupon).toMatchObject({ status: 'USED', orderId: order.orderId });
    expect(await state()).toEqual(before);
    expect(movesOf(await storedPayment(second.paymentId))).toEqual(movesOf(second));
  });
});

describe.concurrent('the successor of an order whose payment failed', () => {
  it('is paid with the same coupon, and a replay of the first failure touches nothing of it', async () => {
    const buyer = await aBuyer();
    const sku = await aProduct();
    const couponId = await aCoupon({ buyer });
    const wish = { buyer, couponId, lines: [{ sku, quantity: 2 }] };
    const order = await anOrder(wish);
    const first = await api.accepted(order, { paymentMethod: 'sim_decline' });
    await api.settled(first);
    const successor = await anOrder(wish);
    const second = await paid(successor);
    const state = async () => ({
      orders: [await orderOf(order.orderId), await orderOf(successor.orderId)],
      coupon: await couponOf(buyer, couponId),
      books: await books.of(buyer),
      stock: await stock.of(sku),
      payments: [
        movesOf(await storedPayment(first.paymentId)),
        movesOf(await storedPayment(second.paymentId)),
      ],
    });
    const before = await state();

    const { paymentId } = first;
    await Promise.all(
      ['restore-stock', 'restore-balance', 'release-order'].map((step) =>
        forgetAnswer(step, paymentId),
      ),
    );
    await publish(toldAgain(await storedPayment(paymentId), 'PaymentFailed'));
    await eventually(async () =>
      expect(await compensationRunsOf(paymentId)).toEqual(['SUCCEEDED', 'SUCCEEDED']),
    );

    expect(before).toMatchObject({
      orders: [{ status: 'CANCELLED' }, { status: 'COMPLETED' }],
      coupon: { status: 'USED', orderId: successor.orderId },
      books: { available: 5_500, held: 0, spent: 4_500 },
      stock: { available: 8, reserved: 0, sold: 2 },
    });
    expect(await state()).toEqual(before);
  });
});
