import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PaymentStatus } from '../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../shared/domain/payments/payment-transitions.ts';
import { eventually } from '../support/eventually.ts';
import { api } from '../support/stack/api-client.ts';
import {
  aPaymentOfTwoUnits,
  compensatedEnd,
  completedEnd,
  endStateOf,
  refundedEnd,
} from '../support/stack/cancellation-fixtures.ts';
import { aClaimedPayment } from '../support/stack/forced-states.ts';
import { deleteIdempotencyRecord } from '../support/stack/idempotency-records.ts';
import { payments, refundsOf } from '../support/stack/repositories.ts';
import { aBuyer, anOrder, aProduct } from '../support/stack/stack-fixtures.ts';
import { waitForStatus } from '../support/stack/wait-for-status.ts';

/** A payment that is cancelled in this status; retries with a new payment if the cancellation came too late. */
const cancelInStatus = (status: PaymentStatus, paymentMethod: string) =>
  eventually(
    async () => {
      const payment = await aPaymentOfTwoUnits(paymentMethod);
      await waitForStatus(payment.paymentId, status);
      expect(await api.cancel(payment)).toMatchObject({ status: 202, body: { stage: status } });

      return payment;
    },
    { timeoutMs: 60_000 },
  );

describe.concurrent('cancel payment', () => {
  it('compensates an unclaimed payment without a gateway call', async () => {
    const sku = await aProduct({ price: 2_000, available: 10 });
    const order = await anOrder({ lines: [{ sku, quantity: 2 }] });
    const claimed = await aClaimedPayment(order, new Date());
    const unsent = transitionPayment(claimed, 'chargeNotSent', {
      at: new Date(),
      by: 'charge-payment',
    });
    expect(await payments.tryUpdate(claimed, unsent)).toBe(true);
    const payment = { ...order, paymentId: claimed.paymentId, sku };

    const first = await api.cancel(payment);
    const again = await api.cancel(payment);

    expect(first).toMatchObject({
      status: 202,
      body: { status: 'FAILED', failure: { code: 'cancelled-by-buyer' } },
    });
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(again).toMatchObject({ status: 202, headers: { 'idempotency-replayed': 'true' } });
    await eventually(async () => expect(await endStateOf(payment)).toEqual(compensatedEnd));
  });

  it.each([
    ['sim_approve_slow', 'CHARGING', refundedEnd],
    ['sim_timeout_after_effect', 'UNKNOWN', refundedEnd],
    ['sim_timeout_before_effect', 'UNKNOWN', compensatedEnd],
    ['sim_in_progress', 'UNKNOWN', refundedEnd],
  ] as const)(
    'defers the cancellation of %s in state %s until the outcome is known',
    async (paymentMethod, status, end) => {
      const payment = await cancelInStatus(status, paymentMethod);

      await eventually(async () => expect(await endStateOf(payment)).toEqual(end), {
        timeoutMs: 60_000,
      });
      expect(await refundsOf(payment.paymentId)).toHaveLength(end.refunded.length);
    },
  );

  it('rejects a completed payment, which stays completed', async () => {
    const payment = await aPaymentOfTwoUnits('sim_approve');
    await api.settled(payment);

    expect(await api.cancel(payment)).toMatchObject({
      status: 409,
      body: { code: 'payment-not-cancellable' },
    });
    expect(await endStateOf(payment)).toEqual(completedEnd);
  });

  it('replays one answer for one key, also after its idempotency record is lost', async () => {
    const payment = await aPaymentOfTwoUnits('sim_approve_slow');
    await waitForStatus(payment.paymentId, 'CHARGING');
    const key = randomUUID();

    const first = await api.cancel(payment, key);
    const again = await api.cancel(payment, key);
    const { buyer, paymentId } = payment;
    await deleteIdempotencyRecord('cancel-payment', JSON.stringify([buyer, paymentId, key]));
    const rebuilt = await api.cancel(payment, key);

    expect(again.body).toEqual(first.body);
    for (const reply of [again, rebuilt]) {
      expect(reply).toMatchObject({ status: 202, headers: { 'idempotency-replayed': 'true' } });
    }
    await eventually(async () => expect(await endStateOf(payment)).toEqual(refundedEnd));
  });

  it("returns 404 for another buyer's payment, as for a missing one", async () => {
    const payment = await aPaymentOfTwoUnits('sim_approve_slow');
    const buyer = await aBuyer();

    const theirs = await api.cancel({ ...payment, buyer });
    const none = await api.cancel({ ...payment, buyer, paymentId: 'pay_none' });

    expect(theirs).toMatchObject({ status: 404, body: { code: 'payment-not-found' } });
    expect(none).toMatchObject({ status: 404, body: { code: 'payment-not-found' } });
    await eventually(async () => expect(await endStateOf(payment)).toEqual(completedEnd));
  });
});
