import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { type TimingProfile, timings } from '../../../../shared/domain/timings.ts';
import { publishMeasures } from '../../../../shared/observability/metrics.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { movedBy } from '../../../support/builders/payment-history.ts';
import { listenToMetrics } from '../../../support/capture-metrics.ts';
import { aCharger } from './harness.ts';

const minute = 60_000;
const hour = 60 * minute;

const reserved = () => aPayment({ paymentId: 'pay_1' });
const unsent = () => movedBy(reserved(), 'claimed', 'unsent');
const free = () => aPayment({ paymentId: 'pay_1', order: anOrder({ discount: 5_000 }) });

/** A charger whose message comes so long after the payment was accepted. */
const late = (payment: Payment, afterMs: number, profile: TimingProfile = 'cloud') => {
  const { world, charge } = aCharger(payment);
  world.profile = profile;
  world.now = new Date(noon.getTime() + afterMs);

  return { world, charge };
};

describe('a charge whose message comes after the hold', () => {
  it.each([
    ['at its end', timings.cloud.holdMs],
    ['1 hour late', hour],
    ['2 hours late', 2 * hour],
    ['20 hours late', 20 * hour],
    ['2 days late', 48 * hour],
  ])('is not made, and the payment is released: %s', async (_when, afterMs) => {
    const { world, charge } = late(reserved(), afterMs);

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
    ['of which nothing could be sent before', unsent],
    ['that its coupon covers', free],
  ])('is not made of a payment %s', async (_which, made) => {
    const { world, charge } = late(made(), hour);

    await charge();

    expect(world.charges).toEqual([]);
    expect(world.stored).toMatchObject({ status: 'FAILED', failure: { code: 'hold-expired' } });
  });

  it('releases the payment even while the PG is left alone', async () => {
    const { world, charge } = late(reserved(), hour);
    world.isLeftAlone = true;

    expect(await charge()).toMatchObject({ outcome: 'FAILED' });
  });

  it('says of a payment that its buyer cancelled that the buyer did', async () => {
    const cancelled = { ...reserved(), cancelRequestedAt: noon.toISOString() };
    const { world, charge } = late(cancelled, hour);

    await charge();

    expect(world.stored?.failure?.code).toBe('cancelled-by-buyer');
  });

  it('leaves a claim that is made at the same moment in peace', async () => {
    const { world, charge } = late(reserved(), hour);
    const claimed = movedBy(reserved(), 'claimed');
    const read = world.stored;
    const chargeOf = charge();
    world.stored = claimed;

    await expect(chargeOf).rejects.toMatchObject({ name: 'Postponed' });
    expect(read?.status).toBe('RESERVED');
    expect(world.stored).toBe(claimed);
  });

  it('measures that the final word came late', async () => {
    publishMeasures();
    const told = listenToMetrics();
    const { charge } = late(reserved(), hour);

    await charge();
    publishMeasures();

    expect(told).toEqual([{ decided: 'late', DecisionLatency: hour }]);
  });
});

describe('a charge whose message comes within the hold', () => {
  it.each(Object.keys(timings) as TimingProfile[])(
    'is made with the times of %s',
    async (profile) => {
      const { world, charge } = late(reserved(), timings[profile].holdMs - 1, profile);

      expect(await charge()).toMatchObject({ outcome: 'COMPLETED' });
      expect(world.charges).toHaveLength(1);
    },
  );

  it.each(Object.entries(timings))(
    'is never older than what the PG remembers of its key: %s',
    (_profile, { holdMs, claimMs, keyLifetimeMs }) => {
      expect(holdMs + claimMs).toBeLessThan(keyLifetimeMs);
    },
  );
});
