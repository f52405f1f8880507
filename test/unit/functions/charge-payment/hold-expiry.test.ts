import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { type TimingProfile, timings } from '../../../../shared/domain/timings.ts';
import { flushMetrics } from '../../../../shared/observability/metrics.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { captureMetrics } from '../../../support/capture-metrics.ts';
import { createChargerHarness } from './harness.ts';

const minute = 60_000;
const hour = 60 * minute;

const reserved = () => aPayment({ paymentId: 'pay_1' });
const notSentPayment = () => afterTransitions(reserved(), 'claimed', 'chargeNotSent');
const zeroAmountPayment = () =>
  aPayment({ paymentId: 'pay_1', order: anOrder({ discount: 5_000 }) });

/** A charger whose message arrives some time after the payment was accepted. */
const chargeLate = (payment: Payment, delayMs: number, profile: TimingProfile = 'cloud') => {
  const { world, charge } = createChargerHarness(payment);
  world.profile = profile;
  world.now = new Date(noon.getTime() + delayMs);

  return { world, charge };
};

describe('charge message after the hold expired', () => {
  it.each([
    ['at its end', timings.cloud.holdExpiryMs],
    ['1 hour late', hour],
    ['2 hours late', 2 * hour],
    ['20 hours late', 20 * hour],
    ['2 days late', 48 * hour],
  ])('is not sent and the payment is released: %s', async (_when, delayMs) => {
    const { world, charge } = chargeLate(reserved(), delayMs);

    expect(await charge()).toMatchObject({ outcome: 'FAILED' });

    expect(world.charges).toEqual([]);
    expect(world.stored).toMatchObject({
      status: 'FAILED',
      version: 2,
      failure: { code: 'hold-expired', evidence: expect.stringContaining('nothing was sent') },
      history: [{}, { from: 'RESERVED', to: 'FAILED', by: 'charge-payment' }],
    });
  });

  it.each([
    ['of which nothing was sent before', notSentPayment],
    ['that its coupon covers in full', zeroAmountPayment],
  ])('does not charge a payment %s', async (_which, create) => {
    const { world, charge } = chargeLate(create(), hour);

    await charge();

    expect(world.charges).toEqual([]);
    expect(world.stored).toMatchObject({ status: 'FAILED', failure: { code: 'hold-expired' } });
  });

  it('releases the payment while the gateway circuit is open', async () => {
    const { world, charge } = chargeLate(reserved(), hour);
    world.isCircuitOpen = true;

    expect(await charge()).toMatchObject({ outcome: 'FAILED' });
  });

  it('names the cancellation as the reason if the buyer cancelled', async () => {
    const cancelled = { ...reserved(), cancelRequestedAt: noon.toISOString() };
    const { world, charge } = chargeLate(cancelled, hour);

    await charge();

    expect(world.stored?.failure?.code).toBe('cancelled-by-buyer');
  });

  it('keeps a claim made at the same moment', async () => {
    const { world, charge } = chargeLate(reserved(), hour);
    const claimed = afterTransitions(reserved(), 'claimed');
    const read = world.stored;
    const chargeOf = charge();
    world.stored = claimed;

    await expect(chargeOf).rejects.toMatchObject({ name: 'DeferredError' });
    expect(read?.status).toBe('RESERVED');
    expect(world.stored).toBe(claimed);
  });

  it('measures the late final status', async () => {
    flushMetrics();
    const metrics = captureMetrics();
    const { charge } = chargeLate(reserved(), hour);

    await charge();
    flushMetrics();

    expect(metrics).toEqual([{ withinObjective: 'false', TimeToFinalStatus: hour }]);
  });
});

describe('charge message within the hold', () => {
  it.each(Object.keys(timings) as TimingProfile[])(
    'charges with the timings of %s',
    async (profile) => {
      const { world, charge } = chargeLate(reserved(), timings[profile].holdExpiryMs - 1, profile);

      expect(await charge()).toMatchObject({ outcome: 'COMPLETED' });
      expect(world.charges).toHaveLength(1);
    },
  );

  it.each(Object.entries(timings))(
    "keeps the hold shorter than the gateway's key expiry: %s",
    (_profile, { holdExpiryMs, claimLeaseMs, gatewayIdempotencyTtlMs }) => {
      expect(holdExpiryMs + claimLeaseMs).toBeLessThan(gatewayIdempotencyTtlMs);
    },
  );
});
