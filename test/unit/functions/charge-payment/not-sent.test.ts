import { beforeEach, describe, expect, it } from 'vitest';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { DeferredError } from '../../../../shared/lambda/message-deferral.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { createChargerHarness } from './harness.ts';

const notSent = { outcome: 'not-sent', reason: 'refused' } as const;

let reserved: Payment;
beforeEach(() => {
  reserved = aPayment();
});

describe('charge that is not sent', () => {
  it('retries with the same idempotency key when provably nothing was sent', async () => {
    const { world, charge } = createChargerHarness(reserved, notSent);

    await expect(charge()).rejects.toBeInstanceOf(DeferredError);
    await charge();

    expect(world.stored?.history.map(({ to }) => to)).toEqual([
      'RESERVED',
      'CHARGING',
      'RESERVED',
      'CHARGING',
      'COMPLETED',
    ]);
    expect(new Set(world.charges.map(({ key }) => key)).size).toBe(1);
  });

  it('backs off for longer each time and is not overdue meanwhile', async () => {
    const { world, charge } = createChargerHarness(reserved, notSent, notSent, notSent);
    const waits: number[] = [];

    for (const age of [0, 20_000, 200_000]) {
      world.now = new Date(noon.getTime() + age);
      waits.push((await charge().catch((error: DeferredError) => error.delayMs)) as number);
    }

    expect(waits).toEqual([1_000, 10_000, 10_000]);
    expect(world.stored).toMatchObject({
      status: 'RESERVED',
      dueAt: new Date(noon.getTime() + 210_000).toISOString(),
    });
  });

  it('does not postpone the end of the hold by an attempt', async () => {
    const { world, charge } = createChargerHarness(reserved, notSent);
    const { holdExpiryMs } = timings.local;
    world.now = new Date(noon.getTime() + holdExpiryMs - 1_000);

    await expect(charge()).rejects.toBeInstanceOf(DeferredError);

    expect(world.stored?.dueAt).toBe(new Date(noon.getTime() + holdExpiryMs).toISOString());
  });

  it('writes nothing while the circuit is open and defers with the same backoff', async () => {
    const { world, charge } = createChargerHarness(reserved);
    world.isCircuitOpen = true;
    world.now = new Date(noon.getTime() + 8_000);

    await expect(charge()).rejects.toMatchObject({ name: 'DeferredError', delayMs: 4_000 });

    expect(world.stored).toBe(reserved);
    expect(world.charges).toEqual([]);
  });

  it('completes a payment covered by its coupon while the circuit is open', async () => {
    const { world, charge } = createChargerHarness(
      aPayment({ order: anOrder({ discount: 5_000 }) }),
    );
    world.isCircuitOpen = true;

    expect(await charge()).toMatchObject({ outcome: 'COMPLETED' });
  });
});
