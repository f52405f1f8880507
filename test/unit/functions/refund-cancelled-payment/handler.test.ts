import { describe, expect, it } from 'vitest';
import { refundCancelledPayment } from '../../../../functions/refund-cancelled-payment/handler.ts';
import { createRequestRefund } from '../../../../shared/application/refunds/request-refund.ts';
import { RejectionError } from '../../../../shared/domain/errors.ts';
import { createDomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import { deriveRefundId } from '../../../../shared/domain/ids.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import {
  transitionPayment,
  withCancelRequest,
} from '../../../../shared/domain/payments/payment-transitions.ts';
import type { RefundSelection } from '../../../../shared/domain/refunds/open-refund.ts';
import { aRefund, later } from '../../../support/builders/refund-generators.ts';
import { traceparent } from '../../../support/builders/trace.ts';
import { createRefundRequestHarness } from '../request-refund/harness.ts';

/** A completed payment of 6000 with some refunds settled or pending, and its event. */
const createCancelledPayment = ({
  before = [],
  isCancelled = true,
}: {
  before?: RefundSelection[];
  isCancelled?: boolean;
} = {}) => {
  const harness = createRefundRequestHarness();
  let { payment } = harness.paid;
  for (const selection of before)
    payment = aRefund({ ...harness.paid, payment }, selection).payment;
  if (isCancelled) payment = withCancelRequest(payment, later(1).toISOString());
  harness.tables.put('Payments', payment);
  const { paymentId, orderId, userId, amount, currency } = payment;
  const handle = refundCancelledPayment({
    request: createRequestRefund(harness.stores),
    clock: { now: () => later(60) },
  });
  const event = createDomainEvent(
    'PaymentCompleted',
    { subject: paymentId, version: 3, at: later(2).toISOString(), traceparent },
    {
      ...{ paymentId, orderId, userId, amount, currency },
      lines: [],
      completedAt: later(2).toISOString(),
      ...(isCancelled && { cancelRequestedAt: later(1).toISOString() }),
    },
  );

  return {
    ...harness,
    handle: (buyer = userId) => handle({ ...event, data: { ...event.data, userId: buyer } }),
  };
};

describe('refund cancelled payment', () => {
  it('refunds both parts of the payment and restocks its units', async () => {
    const { handle, refunds, payment } = createCancelledPayment();

    expect(await handle()).toMatchObject({ outcome: 'refund-requested' });

    expect(refunds()).toMatchObject([
      {
        status: 'REQUESTED',
        amount: 6_000,
        gatewayAmount: 4_000,
        lines: [
          { sku: 'tea', quantity: 2, restock: true },
          { sku: 'cup', quantity: 1, restock: true },
        ],
        traceparent,
      },
    ]);
    expect(payment()).toMatchObject({ refundPending: 6_000, gatewayRefundPending: 4_000 });
  });

  it('stays due until the refund is requested', async () => {
    const { handle, refunds, payment } = createCancelledPayment();
    expect(payment()).toMatchObject({ status: 'COMPLETED', dueAt: expect.any(String) });

    await handle();

    expect(payment()).not.toHaveProperty('dueAt');
    expect(payment()).toMatchObject({ cancelRefundId: refunds()[0]?.refundId });
  });

  it("is due again if the buyer's own full refund is declined", async () => {
    const { handle, refunds, payment, tables } = createCancelledPayment({ before: ['remaining'] });
    expect(payment()).not.toHaveProperty('dueAt');
    await handle();
    const refused = transitionPayment(payment() as Payment, 'refundFailed', {
      at: later(70),
      by: 'test',
      change: { refundPending: 0, refundedLines: [] },
    });
    expect(refused).toHaveProperty('dueAt');
    tables.put('Payments', refused);

    expect(await handle()).toMatchObject({ outcome: 'refund-requested' });

    expect(refunds()).toMatchObject([{ amount: 6_000, isForCancellation: true }]);
    expect(payment()).not.toHaveProperty('dueAt');
  });

  it("keeps an operator's decision that the refund failed", async () => {
    const { handle, payment, tables } = createCancelledPayment();
    await handle();
    const refused = transitionPayment(payment() as Payment, 'refundFailed', {
      at: later(70),
      by: 'test',
      change: { refundPending: 0 },
    });
    tables.put('Payments', refused);

    expect(payment()).not.toHaveProperty('dueAt');
  });

  it('finds the refund of a buyer who is erased, although its id is of the buyer', async () => {
    const { handle, refunds, payment, tables } = createCancelledPayment();
    await handle();
    tables.put('Payments', { ...payment(), userId: 'erased_1', refundPending: 0 });

    expect(await handle('erased_1')).toMatchObject({ outcome: 'duplicate' });

    expect(refunds()).toHaveLength(1);
  });

  it('requests one refund for any number of deliveries', async () => {
    const { handle, refunds, payment } = createCancelledPayment();

    await Promise.all([handle(), handle(), handle()]);
    await handle();

    expect(refunds()).toHaveLength(1);
    expect(payment()).toMatchObject({ refundPending: 6_000 });
  });

  it('refunds what the buyer has not requested already', async () => {
    const { handle, refunds } = createCancelledPayment({
      before: [{ lines: [{ sku: 'tea', quantity: 1, restock: false }] }, { amount: 500 }],
    });

    await handle();

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

  it('answers nothing-to-refund if the buyer has requested all of it', async () => {
    const { handle, refunds } = createCancelledPayment({ before: ['remaining'] });

    expect(await handle()).toMatchObject({ outcome: 'nothing-to-refund' });
    expect(refunds()).toEqual([]);
  });

  it('retries if the request is rejected for another reason', async () => {
    const { handle, tables, paid } = createCancelledPayment();
    tables.put('Payments', { ...paid.payment, status: 'IN_REVIEW' });

    const error = await handle().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(RejectionError);
  });

  it('derives a refund id that no client key can have', async () => {
    const { handle, refunds, paid } = createCancelledPayment();
    await handle();

    const [refund] = refunds();
    const keys = ['', 'cancel', '"cancel"', '","cancel'];
    const { paymentId } = paid.payment;

    expect(keys.map((key) => deriveRefundId('alice', paymentId, key))).not.toContain(
      refund?.refundId,
    );
  });
});

it('ignores a payment that is not cancelled', async () => {
  const { handle, refunds } = createCancelledPayment({ isCancelled: false });

  expect(await handle()).toMatchObject({ outcome: 'not-cancelled' });
  expect(refunds()).toEqual([]);
});
