import { describe, expect, it } from 'vitest';
import { replayPaymentEvent } from '../../../shared/domain/payments/payment-events.ts';
import { eventually } from '../../support/eventually.ts';
import { api } from '../../support/stack/api-client.ts';
import {
  compensationStatuses,
  runCompensation,
} from '../../support/stack/compensation-executions.ts';
import { notifications, pg } from '../../support/stack/external-systems.ts';
import { withFailingStockRestore } from '../../support/stack/faults.ts';
import { forceDecline } from '../../support/stack/forced-states.ts';
import { deliver } from '../../support/stack/messages.ts';
import { compensationRecordsOf, storedPayment } from '../../support/stack/repositories.ts';
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
} from '../../support/stack/stack-fixtures.ts';
import { waitForStatus } from '../../support/stack/wait-for-status.ts';

/** An order of two products and a coupon, with a reader for all its items. */
const aRichOrder = async () => {
  const buyer = await aBuyer({ available: 10_000 });
  const couponId = await aCoupon({ buyer, amountOff: 500 });
  const [tea, cup] = await Promise.all([aProduct({ available: 10 }), aProduct({ available: 5 })]);
  const lines = [
    { sku: tea, quantity: 2 },
    { sku: cup, quantity: 1 },
  ];
  const order = await anOrder({ buyer, couponId, lines });
  const state = async () => ({
    balance: await wallets.of(buyer),
    stock: [await stock.of(tea), await stock.of(cup)],
    coupon: await couponOf(buyer, couponId),
    order: await orderOf(order.orderId),
  });

  return { ...order, tea, cup, couponId, state };
};

const untouched = {
  balance: { available: 10_000, held: 0, spent: 0, deposited: 10_000 },
  stock: [
    { available: 10, reserved: 0, sold: 0, received: 10 },
    { available: 5, reserved: 0, sold: 0, received: 5 },
  ],
  coupon: { status: 'AVAILABLE' },
  order: { status: 'CANCELLED' },
};

describe.concurrent('a declined payment', () => {
  it('restores stock, balance and coupon once, cancels the order and records each step', async () => {
    const order = await aRichOrder();

    const payment = await api.accepted(order, {
      paymentMethod: 'sim_decline',
      balanceAmount: balancePart,
    });

    expect(await api.settled(payment)).toMatchObject({
      status: 'FAILED',
      stage: 'COMPENSATED',
      failure: { code: 'insufficient-funds' },
    });
    expect(await order.state()).toMatchObject(untouched);
    expect(await compensationRecordsOf(payment.paymentId)).toMatchObject({
      [`STOCK#${order.tea}`]: { delta: 2, outcome: 'restored' },
      [`STOCK#${order.cup}`]: { delta: 1, outcome: 'restored' },
      [`BALANCE#${order.buyer}`]: { delta: balancePart, outcome: 'restored' },
      [`COUPON#${order.couponId}`]: { outcome: 'restored' },
      [`ORDER#${order.orderId}`]: { outcome: 'cancelled' },
    });
    expect(await compensationStatuses(payment.paymentId)).toEqual([]);
    expect(await pg.chargesOf(payment.paymentId)).toMatchObject({
      counts: { requests: 1, charges: 0 },
    });
    await eventually(async () =>
      expect(await notifications.received(payment.paymentId)).toMatchObject([
        { attempts: 1, accepted: true, body: { type: 'aftercommit.payment.compensated.v1' } },
      ]),
    );
  });

  it('changes nothing when PaymentFailed or its compensation is repeated', async () => {
    const order = await aRichOrder();
    const payment = await api.accepted(order, {
      paymentMethod: 'sim_decline',
      balanceAmount: balancePart,
    });
    const { paymentId } = payment;
    await api.settled(payment);
    const [before, records] = [await order.state(), await compensationRecordsOf(paymentId)];

    await deliver(
      'compensate-payment',
      replayPaymentEvent(await storedPayment(paymentId), 'PaymentFailed'),
    );
    await Promise.all([runCompensation(paymentId), runCompensation(paymentId)]);

    expect(await order.state()).toEqual(before);
    expect(await compensationRecordsOf(paymentId)).toEqual(records);
    const { status, history } = await storedPayment(paymentId);
    expect(status).toBe('COMPENSATED');
    expect(history.filter(({ to }) => to === 'COMPENSATED')).toHaveLength(1);
  });
});

/** Not concurrent: the step fails for all payments. */
describe('a declined payment', () => {
  it('is IN_REVIEW while one step fails and COMPENSATED once it is fixed', async () => {
    const order = await aRichOrder();
    const payment = await api.accepted(order, { paymentMethod: 'sim_unlisted_code' });
    const { paymentId } = payment;
    await waitForStatus(paymentId, 'UNKNOWN');

    const { broken, seen } = await withFailingStockRestore(async () => {
      await forceDecline(paymentId);
      await waitForStatus(paymentId, 'IN_REVIEW');

      return { broken: await compensationRecordsOf(paymentId), seen: await api.payment(payment) };
    });
    const halfway = await order.state();
    await runCompensation(paymentId);

    expect(seen.body).toMatchObject({ status: 'UNDER_REVIEW' });
    expect(Object.keys(broken).toSorted()).toEqual(
      [`BALANCE#${order.buyer}`, `COUPON#${order.couponId}`, `ORDER#${order.orderId}`].toSorted(),
    );
    expect(halfway).toMatchObject({
      ...untouched,
      stock: [
        { available: 8, reserved: 2 },
        { available: 4, reserved: 1 },
      ],
    });
    expect(await storedPayment(paymentId)).toMatchObject({ status: 'COMPENSATED' });
    expect(await order.state()).toMatchObject(untouched);
  });
});
