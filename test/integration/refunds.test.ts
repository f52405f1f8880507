import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { replayRefundEvent } from '../../shared/domain/refunds/refund-events.ts';
import { eventually } from '../support/eventually.ts';
import { type AcceptedPayment, api, transports } from '../support/stack/api-client.ts';
import { aPaymentOfTwoUnits } from '../support/stack/cancellation-fixtures.ts';
import { pg } from '../support/stack/external-systems.ts';
import { deleteRefundIdempotencyRecord } from '../support/stack/idempotency-records.ts';
import { deliver, publish } from '../support/stack/messages.ts';
import { refunds, storedPayment } from '../support/stack/repositories.ts';
import {
  aBuyer,
  aCoupon,
  anOrder,
  aProduct,
  orderOf,
  stock,
  wallets,
} from '../support/stack/stack-fixtures.ts';

const reason = 'It was dented.';

/** A completed payment of two units at 2000 each, of which the balance paid 1000. */
const aPaidPayment = async (paymentMethod = 'sim_approve') => {
  const payment = await aPaymentOfTwoUnits(paymentMethod);
  expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED' });

  return payment;
};

const buyerView = async (payment: AcceptedPayment) => (await api.payment(payment)).body;

/** The amounts that the gateway has refunded. */
const amountsOf = async (paymentId: string) =>
  (await pg.chargesOf(paymentId)).refunds.map(({ amount }) => amount);

describe.concurrent('refunds by amount', () => {
  it('of 1000, 1000 and 2000 exhaust 4000; a fourth is rejected', async () => {
    const payment = await aPaidPayment();

    await api.refunded(payment, { amount: 1_000 });
    expect(await buyerView(payment)).toMatchObject({
      status: 'PARTIALLY_REFUNDED',
      refunded: 1_000,
    });
    await api.refunded(payment, { amount: 1_000 });
    expect(await orderOf(payment.orderId)).toMatchObject({ status: 'PARTIALLY_REFUNDED' });
    const last = await api.refunded(payment, { amount: 2_000 });
    const fourth = await api.refund(payment, { amount: 1 });

    expect(last).toMatchObject({ status: 'SUCCEEDED', amount: 2_000, lines: [], reason });
    expect(last).toMatchObject({ gatewayAmount: 1_000, balanceAmount: 1_000 });
    expect(fourth).toMatchObject({ status: 409, body: { code: 'refund-exceeds-captured' } });
    expect(await buyerView(payment)).toMatchObject({
      status: 'REFUNDED',
      stage: 'COMPLETED',
      refunded: 4_000,
    });
    expect(await orderOf(payment.orderId)).toMatchObject({ status: 'REFUNDED' });
    expect(await amountsOf(payment.paymentId)).toEqual([1_000, 1_000, 1_000]);
    expect(await wallets.of(payment.buyer)).toMatchObject({ available: 10_000, spent: 0 });
    expect(await stock.of(payment.sku)).toMatchObject({ available: 8, sold: 2 });
  });

  it('appear in the timeline of the payment', async () => {
    const payment = await aPaidPayment();
    const { refundId } = await api.refunded(payment, { amount: 1_000 });
    const { buyer, paymentId } = payment;

    await eventually(async () => {
      const path = `/payments/${paymentId}/timeline`;
      const { entries } = (await api.send({ method: 'GET', path, buyer })).body;

      expect(entries).toMatchObject(
        expect.arrayContaining([
          expect.objectContaining({ kind: 'refund', to: 'REQUESTED' }),
          expect.objectContaining({
            kind: 'refund',
            to: 'SUCCEEDED',
            detail: expect.stringContaining(`${refundId} of 1000 KRW`),
          }),
          expect.objectContaining({ kind: 'event', detail: 'RefundCompleted' }),
        ]),
      );
    });
  });

  it('never exceed the captured amount: one of two concurrent 3500 succeeds', async () => {
    const payment = await aPaidPayment();

    const replies = await Promise.all([1, 2].map(() => api.refund(payment, { amount: 3_500 })));

    expect(replies.map(({ status }) => status).toSorted()).toEqual([202, 409]);
    await eventually(async () => expect(await amountsOf(payment.paymentId)).toEqual([3_000]));
    await eventually(async () =>
      expect(await wallets.of(payment.buyer)).toMatchObject({ available: 9_500, spent: 500 }),
    );
  });

  it('succeed concurrently within the captured amount and its parts', async () => {
    const payment = await aPaidPayment();

    const replies = await Promise.all(
      Array.from({ length: 8 }, () => api.refund(payment, { amount: 800 })),
    );

    expect(replies.map(({ status }) => status).toSorted()).toEqual([
      ...Array(5).fill(202),
      ...Array(3).fill(409),
    ]);
    await eventually(async () =>
      expect(await buyerView(payment)).toMatchObject({ status: 'REFUNDED', refunded: 4_000 }),
    );
    const amounts = await amountsOf(payment.paymentId);
    expect(amounts.toSorted((a, b) => a - b)).toEqual([600, 800, 800, 800]);
    expect(await wallets.of(payment.buyer)).toMatchObject({ available: 10_000, spent: 0 });
  });

  it('reduce the points to those of the remaining amount', async () => {
    const payment = await aPaidPayment();
    const pointsOf = async (buyer: string) =>
      (await api.send({ method: 'GET', path: '/me/points', buyer })).body;

    await api.refunded(payment, { amount: 1_450 });

    // One point for each full 100 of the remaining 2550.
    await eventually(async () => expect(await pointsOf(payment.buyer)).toEqual({ points: 25 }));
  });
});

describe.concurrent('refunds by lines', () => {
  it('restocks its units once, however often its event is delivered', async () => {
    const payment = await aPaidPayment();
    const { sku } = payment;

    const refund = await api.refunded(payment, { lines: [{ sku, quantity: 1, restock: true }] });
    const stored = await refunds.getOrThrow(`${refund.refundId}`);
    await Promise.all([
      publish(replayRefundEvent(stored, 'RefundRequested')),
      deliver('execute-refund', replayRefundEvent(stored, 'RefundRequested')),
      deliver('execute-refund', replayRefundEvent(stored, 'RefundRequested')),
    ]);

    expect(refund).toMatchObject({
      status: 'SUCCEEDED',
      amount: 2_000,
      lines: [{ sku, quantity: 1, restock: true, amount: 2_000 }],
    });
    expect(await stock.of(sku)).toMatchObject({ available: 9, sold: 1 });
    expect(await wallets.of(payment.buyer)).toMatchObject({ available: 9_000, spent: 1_000 });

    await api.refunded(payment, { lines: [{ sku, quantity: 1, restock: false }] });

    expect(await stock.of(sku)).toMatchObject({ available: 9, sold: 1 });
    expect(await buyerView(payment)).toMatchObject({ status: 'REFUNDED' });
    expect(await amountsOf(payment.paymentId)).toEqual([2_000, 1_000]);
    expect(await wallets.of(payment.buyer)).toMatchObject({ available: 10_000, spent: 0 });
  });

  it('refund the discounted price to the last won', async () => {
    const buyer = await aBuyer();
    const skus = [await aProduct({ price: 1_000 }), await aProduct({ price: 1_000 })] as const;
    const couponId = await aCoupon({ buyer, amountOff: 1_001 });
    const lines = [
      { sku: skus[0], quantity: 2 },
      { sku: skus[1], quantity: 1 },
    ];
    const order = await anOrder({ buyer, lines, couponId });
    const payment = await api.accepted(order, { balanceAmount: 700 });
    await api.settled(payment);

    const parts = [];
    for (const sku of [skus[0], skus[1], skus[0]]) {
      parts.push(await api.refunded(payment, { lines: [{ sku, quantity: 1, restock: true }] }));
    }

    expect(parts.map(({ amount }) => amount)).toEqual([666, 666, 667]);
    expect(await amountsOf(payment.paymentId)).toEqual([666, 633]);
    expect(await buyerView(payment)).toMatchObject({ status: 'REFUNDED', refunded: 1_999 });
    expect(await wallets.of(buyer)).toMatchObject({ available: 10_000, spent: 0 });
  });

  it('need no gateway call for an order that a coupon covered', async () => {
    const buyer = await aBuyer({ available: 0 });
    const sku = await aProduct({ price: 400 });
    const couponId = await aCoupon({ buyer, amountOff: 500 });
    const order = await anOrder({ buyer, lines: [{ sku, quantity: 1 }], couponId });
    const payment = await api.accepted(order);
    await api.settled(payment);

    const refund = await api.refunded(payment, { lines: [{ sku, quantity: 1, restock: true }] });

    expect(refund).toMatchObject({ status: 'SUCCEEDED', amount: 0 });
    expect(await buyerView(payment)).toMatchObject({ status: 'REFUNDED', refunded: 0 });
    expect(await stock.of(sku)).toMatchObject({ available: 10, sold: 0 });
    expect(await pg.chargesOf(payment.paymentId)).toMatchObject({
      counts: { charges: 0, refunds: 0 },
    });
  });
});

describe.concurrent('a refund with a lost response', () => {
  it.each([
    'sim_refund_timeout_before_effect',
    'sim_refund_timeout_after_effect',
    'sim_refund_error_after_effect',
    'sim_refund_garbage_after_effect',
    'sim_refund_in_progress',
  ])('resolves the outcome of %s and refunds once', async (paymentMethod) => {
    const payment = await aPaidPayment(paymentMethod);
    const { sku } = payment;

    const refund = await api.refunded(payment, { lines: [{ sku, quantity: 2, restock: true }] });

    expect(refund).toMatchObject({ status: 'SUCCEEDED', amount: 4_000 });
    expect(await refunds.getOrThrow(`${refund.refundId}`)).toSatisfy(
      ({ attempts }) => attempts > 0,
    );
    expect(await amountsOf(payment.paymentId)).toEqual([3_000]);
    expect(await wallets.of(payment.buyer)).toMatchObject({ available: 10_000, spent: 0 });
    expect(await stock.of(sku)).toMatchObject({ available: 10, sold: 0 });
  });

  it('fails when the gateway declines it and can be requested again', async () => {
    const payment = await aPaidPayment('sim_refund_decline');
    const { sku } = payment;
    const lines = [{ sku, quantity: 2, restock: true }];

    const refused = await api.refunded(payment, { lines });
    const again = await api.refunded(payment, { lines });

    for (const refund of [refused, again]) {
      expect(refund).toMatchObject({ status: 'FAILED', failure: { code: 'refund-declined' } });
    }
    expect(await storedPayment(payment.paymentId)).toMatchObject({ refundPending: 0 });
    expect(await buyerView(payment)).toMatchObject({ status: 'COMPLETED', refunded: 0 });
    expect(await stock.of(sku)).toMatchObject({ available: 8, sold: 2 });
    expect(await wallets.of(payment.buyer)).toMatchObject({ available: 9_000, spent: 1_000 });
  });
});

describe.concurrent.each(transports)('the Idempotency-Key of a refund over %s', (_name, via) => {
  it('makes one refund, also after its idempotency record is lost', async () => {
    const payment = await aPaidPayment();
    const key = randomUUID();
    const request = { key, amount: 4_000 };

    const first = await via.refund(payment, request);
    const again = await via.refund(payment, request);
    await deleteRefundIdempotencyRecord(payment.buyer, payment.paymentId, key);
    const rebuilt = await via.refund(payment, request);

    expect(first).toMatchObject({ status: 202, body: { status: 'REQUESTED', amount: 4_000 } });
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    for (const reply of [again, rebuilt]) {
      expect(reply).toMatchObject({ status: 202, headers: { 'idempotency-replayed': 'true' } });
      expect(reply.body).toEqual(first.body);
    }
    await eventually(async () => expect(await amountsOf(payment.paymentId)).toEqual([3_000]));
  });

  it('is rejected for another refund; another key makes another refund', async () => {
    const payment = await aPaidPayment();
    const key = randomUUID();
    await via.refund(payment, { key, amount: 1_000 });

    const other = await via.refund(payment, { key, amount: 1_001 });
    const second = await via.refund(payment, { amount: 1_000 });

    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    expect(second).toMatchObject({ status: 202 });
    await eventually(async () =>
      expect(await amountsOf(payment.paymentId)).toEqual([1_000, 1_000]),
    );
  });

  it('is rejected for a failed payment', async () => {
    const payment = await via.accepted(await anOrder(), { paymentMethod: 'sim_decline' });
    await via.settled(payment);

    expect(await via.refund(payment, { amount: 1 })).toMatchObject({
      status: 409,
      body: { code: 'payment-not-refundable' },
    });
  });
});
