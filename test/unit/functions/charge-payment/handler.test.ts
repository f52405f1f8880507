import { beforeEach, describe, expect, it } from 'vitest';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { ChargeOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import { flushMetrics } from '../../../../shared/observability/metrics.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { declined } from '../../../support/builders/gateway-outcomes.ts';
import { captureMetrics } from '../../../support/capture-metrics.ts';
import { createChargerHarness } from './harness.ts';

let reserved: Payment;
beforeEach(() => {
  reserved = aPayment();
});

describe('charge payment', () => {
  it('claims before the gateway call and settles an approval', async () => {
    const { world, charge } = createChargerHarness(reserved);
    let seenByPg: string | undefined;
    world.whileCharging = () => {
      seenByPg = world.stored?.status;
    };

    expect(await charge()).toMatchObject({ outcome: 'COMPLETED', attempt: 1 });

    expect(seenByPg).toBe('CHARGING');
    expect(world.stored).toMatchObject({ status: 'COMPLETED', pg: { transactionId: 'tx' } });
    expect(world.charges).toEqual([
      {
        key: `chg:${reserved.paymentId}:1`,
        reference: reserved.paymentId,
        amount: 3_000,
        currency: 'KRW',
        paymentMethod: 'sim_approve',
      },
    ]);
  });

  it('releases a payment that was not sent and whose buyer requested a cancellation', async () => {
    const metrics = captureMetrics();
    const cancelled = { ...reserved, attempt: 1, cancelRequestedAt: noon.toISOString() };
    const { world, charge } = createChargerHarness(cancelled);
    world.now = new Date(noon.getTime() + 60_000);

    expect(await charge()).toMatchObject({ outcome: 'FAILED' });
    flushMetrics();

    expect(world.charges).toEqual([]);
    expect(world.stored).toMatchObject({
      failure: { code: 'cancelled-by-buyer', evidence: expect.stringContaining('attempt 1') },
    });
    expect(metrics).toContainEqual({ withinObjective: 'false', TimeToFinalStatus: 60_000 });
  });

  it.each<[string, ChargeOutcome, object]>([
    [
      'fails on a documented decline, with its evidence',
      declined,
      {
        status: 'FAILED',
        failure: {
          code: 'insufficient-funds',
          reason: 'The card or account has insufficient funds.',
          evidence:
            'The gateway declined attempt 1 with the documented code insufficient_funds: no funds',
        },
      },
    ],
    [
      'becomes UNKNOWN on an ambiguous answer',
      { outcome: 'ambiguous', reason: 'timeout' },
      { status: 'UNKNOWN' },
    ],
    [
      'becomes UNKNOWN while the gateway is processing',
      { outcome: 'in-progress' },
      { status: 'UNKNOWN' },
    ],
    [
      'opens a review if the gateway approved another amount',
      { outcome: 'mismatch', transactionId: 'tx', differences: ['amount'] },
      { status: 'IN_REVIEW', failure: { code: 'pg-mismatch' } },
    ],
    [
      'opens a review if the answer shows an external refund',
      {
        outcome: 'approved',
        transactionId: 'tx',
        approvedAt: noon.toISOString(),
        captured: 5_000,
        refunded: 5_000,
      },
      { status: 'IN_REVIEW', failure: { code: 'refunded-at-gateway' } },
    ],
  ])('%s', async (_case, outcome, expected) => {
    const { world, charge } = createChargerHarness(reserved, outcome);

    await charge();

    expect(world.stored).toMatchObject(expected);
    expect(world.stored?.history.at(-1)?.gatewayCalls).toEqual([
      { operation: 'charge', outcome: outcome.outcome, durationMs: expect.any(Number) },
    ]);
    expect(world.stored?.reservation).toEqual(reserved.reservation);
  });

  it("removes the payment method from the gateway's reason", async () => {
    const { world, charge } = createChargerHarness(reserved, {
      outcome: 'declined',
      code: 'resource_missing',
      reason: `No such PaymentMethod: '${reserved.paymentMethod}'`,
      buyerCode: 'invalid-card',
    });

    await charge();

    const { paymentMethod, ...metrics } = world.stored ?? reserved;
    expect(metrics.failure?.evidence).toContain("No such PaymentMethod: '(payment method)'");
    expect(JSON.stringify(metrics)).not.toContain(paymentMethod);
  });

  it('schedules the first inquiry after an unknown outcome', async () => {
    const { world, charge } = createChargerHarness(reserved, {
      outcome: 'ambiguous',
      reason: 'timeout',
    });

    await charge();

    expect(world.stored?.dueAt).toBe('2026-03-14T12:00:01.000Z');
  });

  const { paymentMethod: _, ...withoutMethod } = aPayment({ balanceAmount: 5_000 });

  it.each([
    ['its coupon covers in full', aPayment({ order: anOrder({ discount: 5_000 }) })],
    ['the balance pays in full', aPayment({ balanceAmount: 5_000 })],
    ['the balance pays in full, without a payment method', withoutMethod],
  ])('calls no gateway for a payment that %s', async (_case, payment) => {
    const { world, charge } = createChargerHarness(payment);

    await charge();

    expect(world.stored?.status).toBe('COMPLETED');
    expect(world.charges).toEqual([]);
  });

  it('throws on a missing payment, so that its message is dead-lettered', async () => {
    await expect(createChargerHarness(undefined).charge()).rejects.toThrow('no payment pay_1');
  });
});

describe('a capture with a ledger mismatch', () => {
  it('opens a review and releases nothing', async () => {
    const { world, charge } = createChargerHarness(reserved);
    world.captureResult = 'ledger-mismatch';

    await charge();

    expect(world.stored).toMatchObject({
      status: 'IN_REVIEW',
      failure: { code: 'ledger-mismatch', evidence: 'approved as tx' },
      // The gateway's transaction is kept for the operator.
      pg: { transactionId: 'tx' },
    });
  });
});
