import { describe, expect, it } from 'vitest';
import { dueShardOf } from '../../../../shared/domain/due-index.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { createChargerHarness } from './harness.ts';

const { unclaimedTimeoutMs, claimLeaseMs } = timings.local;
const at = (ms: number) => new Date(noon.getTime() + ms).toISOString();

const { dueAt: _, dueShard, ...notDue } = aPayment();
const reserved = (dueAt: string): Payment => ({ ...notDue, dueAt, dueShard: '3' });

/** The payment that a charger claims at noon, while it waits for the gateway. */
const claimedOf = async (payment: Payment): Promise<Payment | undefined> => {
  const { world, charge } = createChargerHarness(payment);
  let claimed: Payment | undefined;
  world.whileCharging = () => {
    claimed = world.stored;
  };
  await charge();

  return claimed;
};

describe('claim of a payment', () => {
  it.each([
    ['after its lease', at(unclaimedTimeoutMs)],
    ['during its lease', at(1)],
    ['before it', at(-60_000)],
  ])('keeps a due time %s', async (_when, dueAt) => {
    expect(await claimedOf(reserved(dueAt))).toMatchObject({
      status: 'CHARGING',
      claimExpiresAt: at(claimLeaseMs),
      dueAt,
    });
  });

  it.each([
    ['later than that of a new payment', reserved(at(unclaimedTimeoutMs + 1))],
    ['that is not a time', reserved('soon')],
    ['that is absent', notDue],
  ])('replaces a due time %s by the end of its lease', async (_which, payment) => {
    expect(await claimedOf(payment)).toMatchObject({
      status: 'CHARGING',
      dueAt: at(claimLeaseMs),
      dueShard: dueShardOf(payment.paymentId),
    });
  });
});
