import { describe, expect, it } from 'vitest';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { replayPaymentEvent } from '../../shared/domain/payments/payment-events.ts';
import { api, type PlacedOrder } from '../support/stack/api-client.ts';
import { runCompensation } from '../support/stack/compensation-executions.ts';
import { aClaimedPayment, aRejectedPayment } from '../support/stack/forced-states.ts';
import { deliver } from '../support/stack/messages.ts';
import {
  compensationRecordsOf,
  storedPayment,
  withoutInquiryFields,
} from '../support/stack/repositories.ts';
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
import { waitForStatus } from '../support/stack/wait-for-status.ts';

/** A payment in CHARGING for longer than any test. */
const waitForHold = (order: PlacedOrder): Promise<Payment> =>
  aClaimedPayment(order, new Date(Date.now() + 3_600_000));

const waitForPaid = async (order: PlacedOrder): Promise<Payment> => {
  const { paymentId } = await api.accepted(order, { balanceAmount: balancePart });

  return waitForStatus(paymentId, 'COMPLETED');
};

describe.concurrent('a late compensation after another payment of the order', () => {
  it.each([
    ['still holds it', waitForHold],
    ['has paid it', waitForPaid],
  ])('leaves order and coupon to the new payment that %s', async (_case, pay) => {
    const buyer = await aBuyer();
    const sku = await aProduct();
    const couponId = await aCoupon({ buyer });
    const order = await anOrder({ buyer, couponId, lines: [{ sku, quantity: 2 }] });
    const second = await pay(order);
    const state = async () => ({
      order: await orderOf(order.orderId),
      coupon: await couponOf(buyer, couponId),
      balance: await wallets.of(buyer),
      stock: await stock.of(sku),
    });
    const before = await state();

    const first = await aRejectedPayment(order);
    await waitForStatus(first.paymentId, 'COMPENSATED');
    await runCompensation(first.paymentId);

    expect(await compensationRecordsOf(first.paymentId)).toMatchObject({
      [`ORDER#${order.orderId}`]: { outcome: 'held-by-another-payment' },
      [`COUPON#${couponId}`]: { outcome: 'held-by-another-payment' },
      [`BALANCE#${buyer}`]: { delta: 0 },
    });
    expect(before.coupon).toMatchObject({ status: 'USED', orderId: order.orderId });
    expect(await state()).toEqual(before);
    expect(withoutInquiryFields(await storedPayment(second.paymentId))).toEqual(
      withoutInquiryFields(second),
    );
  });
});

describe.concurrent('a new order after a failed payment', () => {
  it('pays with the released coupon and ignores a replay of the first failure', async () => {
    const buyer = await aBuyer();
    const sku = await aProduct();
    const couponId = await aCoupon({ buyer });
    const content = { buyer, couponId, lines: [{ sku, quantity: 2 }] };
    const order = await anOrder(content);
    const first = await api.accepted(order, {
      paymentMethod: 'sim_decline',
      balanceAmount: balancePart,
    });
    await api.settled(first);
    const successor = await anOrder(content);
    const second = await waitForPaid(successor);
    const state = async () => ({
      orders: [await orderOf(order.orderId), await orderOf(successor.orderId)],
      coupon: await couponOf(buyer, couponId),
      balance: await wallets.of(buyer),
      stock: await stock.of(sku),
      payments: [
        withoutInquiryFields(await storedPayment(first.paymentId)),
        withoutInquiryFields(await storedPayment(second.paymentId)),
      ],
    });
    const before = await state();

    const { paymentId } = first;
    await deliver(
      'compensate-payment',
      replayPaymentEvent(await storedPayment(paymentId), 'PaymentFailed'),
    );
    await runCompensation(paymentId);

    expect(before).toMatchObject({
      orders: [{ status: 'CANCELLED' }, { status: 'COMPLETED' }],
      coupon: { status: 'USED', orderId: successor.orderId },
      balance: { available: 9_000, held: 0, spent: 1_000 },
      stock: { available: 8, reserved: 0, sold: 2 },
    });
    expect(await state()).toEqual(before);
  });
});
