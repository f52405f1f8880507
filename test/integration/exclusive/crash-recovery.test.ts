import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { derivePaymentId } from '../../../shared/domain/ids.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { replayPaymentEvent } from '../../../shared/domain/payments/payment-events.ts';
import { transitionPayment } from '../../../shared/domain/payments/payment-transitions.ts';
import { timings } from '../../../shared/domain/timings.ts';
import { eventually } from '../../support/eventually.ts';
import { api, type PlacedOrder } from '../../support/stack/api-client.ts';
import { compensationStatuses } from '../../support/stack/compensation-executions.ts';
import { pg } from '../../support/stack/external-systems.ts';
import { withDroppedRecords, withTimeout } from '../../support/stack/faults.ts';
import { expireClaim } from '../../support/stack/forced-states.ts';
import { deliver } from '../../support/stack/messages.ts';
import {
  compensationRecordsOf,
  payments,
  storedPayment,
} from '../../support/stack/repositories.ts';
import { anOrder, balancePart, orderOf, wallets } from '../../support/stack/stack-fixtures.ts';
import { makeOverdue, sweepUntilStatus } from '../../support/stack/sweep.ts';

const transitionsOf = ({ history }: Payment) => history.map(({ to, by }) => `${to} by ${by}`);

/** A payment that is charged at the gateway without a response: its charger waits for the timeout. */
const startHangingCharge = async (order: PlacedOrder) => {
  const payment = await api.accepted(order, {
    paymentMethod: 'sim_timeout_after_effect',
    balanceAmount: balancePart,
  });
  await eventually(async () =>
    expect(await pg.chargesOf(payment.paymentId)).toMatchObject({ counts: { charges: 1 } }),
  );

  return payment;
};

describe('a charger', () => {
  it('completes by inquiry with one capture if it ends between charge and write', async () => {
    const order = await anOrder();
    // Enough for a cold start, less than the gateway timeout.
    const seconds = (timings.local.pgTimeoutMs / 1_000) * 0.75;

    const payment = await withTimeout('charge-payment', seconds, () => startHangingCharge(order));
    const { updatedAt: claimedAt } = await storedPayment(payment.paymentId);
    // A live charger would have timed out and written UNKNOWN by then.
    const written = Date.parse(claimedAt) + timings.local.pgTimeoutMs + 2_000;
    await eventually(async () => expect(Date.now()).toBeGreaterThan(written));
    const left = await storedPayment(payment.paymentId);
    // Expires the claim, then the sweeper's grace period.
    await expireClaim(payment.paymentId);
    await makeOverdue(payment);
    await sweepUntilStatus(payment.paymentId, 'COMPLETED');

    expect(left).toMatchObject({ status: 'CHARGING', version: 2 });
    const stored = await storedPayment(payment.paymentId);
    expect(stored.history[2]).toMatchObject({ to: 'UNKNOWN', detail: 'the claim expired' });
    expect(transitionsOf(stored).at(-1)).toBe('COMPLETED by inquire-payment');
    expect(await pg.chargesOf(payment.paymentId)).toMatchObject({
      counts: { requests: 1, charges: 1 },
    });
    expect(await wallets.of(order.buyer)).toMatchObject({ held: 0, spent: balancePart });
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'COMPLETED' });
    expect(await compensationStatuses(payment.paymentId)).toEqual([]);
  });

  it('fails its late write on the version and stores its outcome as evidence', async () => {
    const order = await anOrder();
    const payment = await startHangingCharge(order);
    const claimed = await storedPayment(payment.paymentId);

    // As the sweeper does after the claim expired, while the holder still runs.
    const givenUp = transitionPayment(claimed, 'outcomeUnknown', {
      at: new Date(),
      by: 'sweep-payments',
      detail: 'the claim expired',
    });
    expect(await payments.tryUpdate(claimed, givenUp)).toBe(true);
    await api.settled(payment);
    const settled = await storedPayment(payment.paymentId);
    const withEvidence = await eventually(async () => {
      const stored = await storedPayment(payment.paymentId);
      expect(stored.evidence).toMatchObject([
        {
          by: 'charge-payment',
          detail: expect.stringMatching(
            /^version conflict: too late for version 2, attempt 1: ambiguous: no response/,
          ),
        },
      ]);

      return stored;
    });

    expect(settled).toMatchObject({ status: 'COMPLETED' });
    // On a slow machine the evidence is already there when the payment ends.
    const noted = { evidence: undefined, evidenceVersion: undefined };
    expect({ ...withEvidence, ...noted }).toEqual({ ...settled, ...noted });
    expect(await pg.chargesOf(payment.paymentId)).toMatchObject({
      counts: { requests: 1, charges: 1 },
    });
    expect(await wallets.of(order.buyer)).toMatchObject({ held: 0, spent: balancePart });
  });
});

describe('a stream record lost before the relay', () => {
  it('is replayed by the sweeper with the same event id and takes effect once', async () => {
    const orders = [await anOrder(), await anOrder()] as const;
    const keys = [randomUUID(), randomUUID()] as const;
    const [reserved, failed] = [
      { paymentId: derivePaymentId(orders[0].buyer, keys[0]), status: 'RESERVED' },
      { paymentId: derivePaymentId(orders[1].buyer, keys[1]), status: 'FAILED' },
    ] as const;

    await withDroppedRecords([reserved, failed], async () => {
      await api.accepted(orders[0], { key: keys[0], balanceAmount: balancePart });
      await api.accepted(orders[1], {
        key: keys[1],
        paymentMethod: 'sim_decline',
        balanceAmount: balancePart,
      });
      await eventually(async () =>
        expect(await storedPayment(failed.paymentId)).toMatchObject(failed),
      );
      // The stream is ordered: when this payment completes, both records have been dropped.
      await api.settled(await api.accepted(await anOrder()));
    });
    const waiting = await storedPayment(reserved.paymentId);
    const runsBefore = await compensationStatuses(failed.paymentId);
    await Promise.all([makeOverdue(reserved), makeOverdue(failed)]);
    await Promise.all([
      sweepUntilStatus(reserved.paymentId, 'COMPLETED'),
      sweepUntilStatus(failed.paymentId, 'COMPENSATED'),
    ]);

    expect(waiting).toMatchObject({ status: 'RESERVED', version: 1 });
    expect(runsBefore).toEqual([]);
    // The lost event arrives after all. It has the id of the replayed one.
    const late = replayPaymentEvent(waiting, 'PaymentReserved');
    expect(late.id).toBe(`${reserved.paymentId}-1`);
    expect(await deliver('charge-payment', late)).toEqual({ batchItemFailures: [] });
    expect(await pg.chargesOf(reserved.paymentId)).toMatchObject({
      counts: { requests: 1, charges: 1 },
    });
    expect(await wallets.of(orders[0].buyer)).toMatchObject({ held: 0, spent: balancePart });
    expect(await wallets.of(orders[1].buyer)).toMatchObject({ held: 0, spent: 0 });
    expect(Object.keys(await compensationRecordsOf(failed.paymentId))).toHaveLength(3);
    expect(await orderOf(orders[1].orderId)).toMatchObject({ status: 'CANCELLED' });
  });
});
