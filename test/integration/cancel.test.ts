import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { advance } from '../../shared/domain/transitions.ts';
import { forgetAnswer } from '../support/answers.ts';
import { type AcceptedPayment, api } from '../support/api.ts';
import { aClaimedPayment } from '../support/by-hand.ts';
import { eventually } from '../support/eventually.ts';
import { pg } from '../support/outside.ts';
import { payments, refundsOf, storedPayment } from '../support/stores.ts';
import { aBuyer, anOrder, aProduct, books, orderOf, stock } from '../support/world.ts';

const aPayment = async (paymentMethod: string) => {
  const sku = await aProduct({ price: 2_000, available: 10 });
  const order = await anOrder({ lines: [{ sku, quantity: 2 }] });

  return { ...(await api.accepted(order, { paymentMethod })), sku };
};

const reached = (paymentId: string, status: string) =>
  eventually(async () => expect(await storedPayment(paymentId)).toMatchObject({ status }));

/** What has become of a payment, in every book that has a part in it. */
const endOf = async ({ paymentId, orderId, buyer, sku }: AcceptedPayment & { sku: string }) => {
  const { charges, refunds } = await pg.of(paymentId);
  const { available, held, spent } = await books.of(buyer);

  return {
    payment: (await storedPayment(paymentId)).status,
    order: (await orderOf(orderId)).status,
    money: { available, held, spent },
    stock: (await stock.of(sku)).available,
    captured: charges.map(({ amount }) => amount),
    refunded: refunds.map(({ amount }) => amount),
  };
};

const whole = { money: { available: 10_000, held: 0, spent: 0 }, stock: 10 };
const undone = { ...whole, payment: 'COMPENSATED', order: 'CANCELLED', captured: [], refunded: [] };
const paidBack = {
  ...whole,
  payment: 'COMPLETED',
  order: 'REFUNDED',
  captured: [4_000],
  refunded: [4_000],
};
const paid = {
  payment: 'COMPLETED',
  order: 'COMPLETED',
  money: { available: 6_000, held: 0, spent: 4_000 },
  stock: 8,
  captured: [4_000],
  refunded: [],
};

describe.concurrent('a cancel', () => {
  it('of a payment that nobody has claimed undoes it, and the PG never hears of it', async () => {
    const sku = await aProduct({ price: 2_000, available: 10 });
    const order = await anOrder({ lines: [{ sku, quantity: 2 }] });
    const claimed = await aClaimedPayment(order, new Date());
    const unsent = advance(claimed, 'unsent', { at: new Date(), by: 'charge-payment' });
    expect(await payments.moved(claimed, unsent)).toBe(true);
    const payment = { ...order, paymentId: claimed.paymentId, sku };

    const first = await api.cancel(payment);
    const again = await api.cancel(payment);

    expect(first).toMatchObject({
      status: 202,
      body: { status: 'FAILED', failure: { code: 'cancelled-by-buyer' } },
    });
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(again).toMatchObject({ status: 202, headers: { 'idempotency-replayed': 'true' } });
    await eventually(async () => expect(await endOf(payment)).toEqual(undone));
  });

  it.each([
    ['sim_approve_slow', 'CHARGING', paidBack],
    ['sim_timeout_after_effect', 'UNKNOWN', paidBack],
    ['sim_timeout_before_effect', 'UNKNOWN', undone],
    ['sim_in_progress', 'UNKNOWN', paidBack],
  ])(
    'of a payment by %s that is %s waits for what is found out',
    async (paymentMethod, status, end) => {
      const payment = await aPayment(paymentMethod);
      await reached(payment.paymentId, status);

      const reply = await api.cancel(payment);

      expect(reply).toMatchObject({ status: 202, body: { stage: status } });
      await eventually(async () => expect(await endOf(payment)).toEqual(end), { withinMs: 60_000 });
      expect(await refundsOf(payment.paymentId)).toHaveLength(end.refunded.length);
    },
  );

  it('of a payment that was paid is refused, and it stays paid', async () => {
    const payment = await aPayment('sim_approve');
    await api.settled(payment);

    expect(await api.cancel(payment)).toMatchObject({
      status: 409,
      body: { code: 'payment-not-cancellable' },
    });
    expect(await endOf(payment)).toEqual(paid);
  });

  it('comes again under one key with one answer, also when the record of answers is lost', async () => {
    const payment = await aPayment('sim_approve_slow');
    await reached(payment.paymentId, 'CHARGING');
    const key = randomUUID();

    const first = await api.cancel(payment, key);
    const again = await api.cancel(payment, key);
    const { buyer, paymentId } = payment;
    await forgetAnswer('cancel-payment', JSON.stringify([buyer, paymentId, key]));
    const rebuilt = await api.cancel(payment, key);

    expect(again.body).toEqual(first.body);
    for (const reply of [again, rebuilt]) {
      expect(reply).toMatchObject({ status: 202, headers: { 'idempotency-replayed': 'true' } });
    }
    await eventually(async () => expect(await endOf(payment)).toEqual(paidBack));
  });

  it("of another buyer's payment looks like one of a missing payment", async () => {
    const payment = await aPayment('sim_approve_slow');
    const buyer = await aBuyer();

    const theirs = await api.cancel({ ...payment, buyer });
    const none = await api.cancel({ ...payment, buyer, paymentId: 'pay_none' });

    expect(theirs).toMatchObject({ status: 404, body: { code: 'payment-not-found' } });
    expect(none).toMatchObject({ status: 404, body: { code: 'payment-not-found' } });
    await eventually(async () => expect(await endOf(payment)).toEqual(paid));
  });
});

it.concurrent('ends each of forty that race their claims undone, or charged and refunded, or too late', async () => {
  const methods = ['sim_decline', 'sim_approve_slow', 'sim_approve', 'sim_approve'];
  const race = async (index: number) => {
    const payment = await aPayment(methods[index % methods.length] ?? '');
    // Half of them race the claim, the others the PG's answer.
    if (index % 2 === 1) {
      await eventually(
        async () =>
          expect(await storedPayment(payment.paymentId)).not.toMatchObject({ status: 'RESERVED' }),
        { everyMs: 10 },
      );
    }
    const reply = await api.cancel(payment);

    return { payment, isCancelled: reply.status === 202 };
  };
  const raced = [
    ...(await Promise.all(Array.from({ length: 20 }, (_, index) => race(index)))),
    ...(await Promise.all(Array.from({ length: 20 }, (_, index) => race(index)))),
  ];

  for (const { payment, isCancelled } of raced) {
    await eventually(async () => {
      const end = await endOf(payment);
      const isPaid = end.payment === 'COMPLETED';
      expect(end).toEqual(isPaid ? (isCancelled ? paidBack : paid) : undone);
    });
  }
  // It was a race: some came before the claim, some before the answer, some too late.
  const answers = raced.map(({ isCancelled }) => isCancelled);
  expect(answers).toContain(true);
  expect(answers).toContain(false);
});
