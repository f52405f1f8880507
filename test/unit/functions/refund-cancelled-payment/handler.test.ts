import { describe, expect, it } from 'vitest';
import { refundCancelled } from '../../../../functions/refund-cancelled-payment/handler.ts';
import { requestRefundIn } from '../../../../shared/application/refunds/request-refund.ts';
import { Refusal } from '../../../../shared/domain/errors.ts';
import { domainEvent } from '../../../../shared/domain/events/domain-event.ts';
import { refundIdOf } from '../../../../shared/domain/ids.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { advance, withCancel } from '../../../../shared/domain/payments/payment-transitions.ts';
import type { RefundWish } from '../../../../shared/domain/refunds/open-refund.ts';
import { aRefund, later } from '../../../support/builders/refund-generators.ts';
import { traceparent } from '../../../support/builders/trace.ts';
import { aDesk } from '../request-refund/harness.ts';

/** A completed payment of 6000, of which that much is refunded or about to be, and its event. */
const aCancelled = ({
  before = [],
  isCancelled = true,
}: {
  before?: RefundWish[];
  isCancelled?: boolean;
} = {}) => {
  const desk = aDesk();
  let { payment } = desk.paid;
  for (const wish of before) payment = aRefund({ ...desk.paid, payment }, wish).payment;
  if (isCancelled) payment = withCancel(payment, later(1).toISOString());
  desk.tables.put('Payments', payment);
  const { paymentId, orderId, userId, amount, currency } = payment;
  const hear = refundCancelled({
    request: requestRefundIn(desk.stores),
    clock: { now: () => later(60) },
  });
  const event = domainEvent(
    'PaymentCompleted',
    { subject: paymentId, version: 3, at: later(2).toISOString(), traceparent },
    {
      ...{ paymentId, orderId, userId, amount, currency },
      lines: [],
      completedAt: later(2).toISOString(),
      ...(isCancelled && { cancelRequestedAt: later(1).toISOString() }),
    },
  );

  return { ...desk, hear: () => hear(event) };
};

describe('a payment that was charged although its buyer had cancelled it', () => {
  it('is refunded whole, and its units go back into the stock', async () => {
    const { hear, refunds, payment } = aCancelled();

    expect(await hear()).toMatchObject({ outcome: 'refund requested' });

    expect(refunds()).toMatchObject([
      {
        status: 'REQUESTED',
        amount: 6_000,
        lines: [
          { sku: 'tea', quantity: 2, restock: true },
          { sku: 'cup', quantity: 1, restock: true },
        ],
        traceparent,
      },
    ]);
    expect(payment()).toMatchObject({ refundPending: 6_000 });
  });

  it('is due until that refund is requested, and not any more after it', async () => {
    const { hear, refunds, payment } = aCancelled();
    expect(payment()).toMatchObject({ status: 'COMPLETED', dueAt: expect.any(String) });

    await hear();

    expect(payment()).not.toHaveProperty('dueAt');
    expect(payment()).toMatchObject({ cancelRefundId: refunds()[0]?.refundId });
  });

  it('is due again where a refund of the buyer that took all of it is refused', async () => {
    const { hear, refunds, payment, tables } = aCancelled({ before: ['rest'] });
    expect(payment()).not.toHaveProperty('dueAt');
    await hear();
    const refused = advance(payment() as Payment, 'refundFailed', {
      at: later(70),
      by: 'test',
      change: { refundPending: 0, returned: [] },
    });
    expect(refused).toHaveProperty('dueAt');
    tables.put('Payments', refused);

    expect(await hear()).toMatchObject({ outcome: 'refund requested' });

    expect(refunds()).toMatchObject([{ amount: 6_000, isOfCancel: true }]);
    expect(payment()).not.toHaveProperty('dueAt');
  });

  it('stays as a person has decided where its refund is not paid back', async () => {
    const { hear, payment, tables } = aCancelled();
    await hear();
    const refused = advance(payment() as Payment, 'refundFailed', {
      at: later(70),
      by: 'test',
      change: { refundPending: 0 },
    });
    tables.put('Payments', refused);

    expect(payment()).not.toHaveProperty('dueAt');
  });

  it('is one refund, however often that is heard', async () => {
    const { hear, refunds, payment } = aCancelled();

    await Promise.all([hear(), hear(), hear()]);
    await hear();

    expect(refunds()).toHaveLength(1);
    expect(payment()).toMatchObject({ refundPending: 6_000 });
  });

  it('is refunded as far as the buyer has not asked for a refund already', async () => {
    const { hear, refunds } = aCancelled({
      before: [{ lines: [{ sku: 'tea', quantity: 1, restock: false }] }, { amount: 500 }],
    });

    await hear();

    expect(refunds()).toMatchObject([
      {
        amount: 3_000,
        lines: [
          { sku: 'tea', quantity: 1 },
          { sku: 'cup', quantity: 1 },
        ],
      },
    ]);
  });

  it('has nothing to be refunded where the buyer has asked for all of it', async () => {
    const { hear, refunds } = aCancelled({ before: ['rest'] });

    expect(await hear()).toMatchObject({ outcome: 'nothing is left' });
    expect(refunds()).toEqual([]);
  });

  it('is heard again where it is refused for another reason, for money is owed', async () => {
    const { hear, tables, paid } = aCancelled();
    tables.put('Payments', { ...paid.payment, status: 'IN_REVIEW' });

    const error = await hear().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(Refusal);
  });

  it('has a refund that no key of a client can mean', async () => {
    const { hear, refunds, paid } = aCancelled();
    await hear();

    const [refund] = refunds();
    const keys = ['', 'cancel', '"cancel"', '","cancel'];
    const { paymentId } = paid.payment;

    expect(keys.map((key) => refundIdOf('alice', paymentId, key))).not.toContain(refund?.refundId);
  });
});

it('leaves a payment alone that nobody cancelled', async () => {
  const { hear, refunds } = aCancelled({ isCancelled: false });

  expect(await hear()).toMatchObject({ outcome: 'not cancelled' });
  expect(refunds()).toEqual([]);
});
