import { beforeEach, describe, expect, it } from 'vitest';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { applyTransition } from '../../../support/builders/payment-history.ts';
import { createChargerHarness } from './harness.ts';

let reserved: Payment;
beforeEach(() => {
  reserved = aPayment();
});

describe('redelivered charge message', () => {
  const held = (claimExpiresAt: Date) =>
    aPayment({
      status: 'CHARGING',
      version: 2,
      attempt: 1,
      claimExpiresAt: claimExpiresAt.toISOString(),
    });

  it('defers while the claim lease is active', async () => {
    const { world, charge } = createChargerHarness(held(new Date(noon.getTime() + 7_000)));

    await expect(charge()).rejects.toMatchObject({ name: 'DeferredError', delayMs: 7_000 });
    expect(world.charges).toEqual([]);
  });

  it('ends UNKNOWN after the claim expired and sends no second charge', async () => {
    const { world, charge } = createChargerHarness(held(noon));

    expect(await charge()).toMatchObject({ outcome: 'UNKNOWN' });
    expect(world.charges).toEqual([]);
  });

  it.each(['COMPLETED', 'FAILED', 'UNKNOWN', 'IN_REVIEW', 'COMPENSATED'] as const)(
    'does not change a payment that is %s',
    async (status) => {
      const payment = aPayment({ status });
      const { world, charge } = createChargerHarness(payment);

      expect(await charge()).toMatchObject({ outcome: status });
      expect(world.stored).toBe(payment);
      expect(world.charges).toEqual([]);
    },
  );

  it('is answered from the payment after a lost answer, and charges nothing', async () => {
    const { world, charge, findCharged } = createChargerHarness(reserved);
    world.loseAnswer = true;
    await expect(charge()).rejects.toThrow('connection lost');
    const completed = world.stored;

    expect(await charge()).toEqual({ ...(await findCharged()), outcome: 'duplicate' });

    expect(await findCharged()).toEqual({
      outcome: 'COMPLETED',
      paymentId: reserved.paymentId,
      orderId: reserved.orderId,
      version: 3,
      attempt: 1,
    });
    expect(world.stored).toBe(completed);
    expect(world.charges).toHaveLength(1);
  });

  it('is not a duplicate if another function has ended the payment', async () => {
    const { charge, findCharged } = createChargerHarness(applyTransition(reserved, 'holdReleased'));

    expect(await charge()).toMatchObject({ outcome: 'FAILED' });
    expect(await findCharged()).toBeUndefined();
  });

  it('charges once for any number of concurrent chargers', async () => {
    const { world, charge } = createChargerHarness(reserved);

    const outcomes = await Promise.allSettled([charge(), charge(), charge()]);

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(outcomes.flatMap((one) => ('reason' in one ? one.reason.name : []))).toEqual([
      'DeferredError',
      'DeferredError',
    ]);
    expect(world.charges).toHaveLength(1);
  });
});

describe('gateway answer after the payment was decided', () => {
  it('keeps the decision and stores the answer as evidence', async () => {
    const { world, charge } = createChargerHarness(reserved);
    const decided = aPayment({ status: 'UNKNOWN', version: 3 });
    world.whileCharging = () => {
      world.stored = decided;
    };

    await charge();

    expect(world.stored).toBe(decided);
    expect(world.evidence).toEqual([
      {
        at: noon.toISOString(),
        by: 'charge-payment',
        detail: 'version conflict: too late for version 2, attempt 1: approved as tx',
        gatewayCalls: [
          { operation: 'charge', outcome: 'approved', durationMs: expect.any(Number) },
        ],
      },
    ]);
  });
});
