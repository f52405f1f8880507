import { describe, expect, it } from 'vitest';
import { isNotSent } from '../../../../functions/charge-payment/attempt-charge.ts';
import type { ChargeAttempt } from '../../../../functions/charge-payment/dependencies.ts';
import { chargeReferenceOf } from '../../../../shared/domain/payments/charge-reference.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import type { RequiresAction } from '../../../../shared/gateway/payment-gateway.ts';
import { createCircuitBreaker } from '../../../../shared/lambda/circuit-breaker.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { createChargerHarness } from './harness.ts';

const waiting: RequiresAction = {
  outcome: 'requires-action',
  url: 'https://bank.example/challenge/7f3c',
  transactionId: 'tx',
};
const later = (ms: number) => new Date(noon.getTime() + ms).toISOString();
const { actionExpiryMs } = timings.local;
const returnUrl = 'https://shop.example/paid';

describe('charge payment, if the gateway waits for the buyer', () => {
  it('stores what the buyer has to do and when that is due', async () => {
    const { world, charge } = createChargerHarness({ ...aPayment(), returnUrl }, waiting);

    expect(await charge()).toMatchObject({ outcome: 'REQUIRES_ACTION', attempt: 1 });

    expect(world.charges).toMatchObject([{ returnUrl }]);
    expect(world.stored).toMatchObject({
      status: 'REQUIRES_ACTION',
      action: { url: waiting.url, expiresAt: later(actionExpiryMs), transactionId: 'tx' },
      dueAt: later(actionExpiryMs),
    });
    expect(world.stored).not.toHaveProperty('claimExpiresAt');
    expect(chargeReferenceOf(world.stored ?? aPayment())).toMatchObject({ transactionId: 'tx' });
    expect(JSON.stringify(world.stored?.history)).not.toContain(waiting.url);
  });

  it.each<[string, string, string]>([
    ['an earlier limit of the gateway', later(30_000), later(30_000)],
    ['no later limit', later(actionExpiryMs + 1), later(actionExpiryMs)],
    ['no limit that is not a time', 'soon', later(actionExpiryMs)],
  ])('takes over %s', async (_what, expiresAt, dueAt) => {
    const { world, charge } = createChargerHarness(aPayment(), { ...waiting, expiresAt });

    await charge();

    expect(world.stored).toMatchObject({ dueAt, action: { expiresAt: dueAt } });
  });

  it('does not store a page whose address is too long, and inquires instead', async () => {
    const url = `https://bank.example/${'x'.repeat(8_000)}`;
    const { world, charge } = createChargerHarness(aPayment(), { ...waiting, url });

    expect(await charge()).toMatchObject({ outcome: 'UNKNOWN' });

    expect(world.stored).not.toHaveProperty('action');
  });

  it('leaves a redelivered message to the inquirer', async () => {
    const { world, charge, findCharged } = createChargerHarness(aPayment(), waiting);
    await charge();

    expect(await charge()).toMatchObject({ outcome: 'duplicate' });
    expect(await findCharged()).toMatchObject({ outcome: 'REQUIRES_ACTION' });

    expect(world.charges).toHaveLength(1);
  });

  it('does not count as a failure of the gateway', async () => {
    const breaker = createCircuitBreaker<ChargeAttempt>({ openMs: 1_000, isFailure: isNotSent });
    const attempt = {
      after: aPayment(),
      decision: { transition: 'actionRequired', detail: 'it waits' },
    } as const;

    for (let charges = 0; charges < 10; charges += 1) {
      expect(await breaker(async () => attempt)).toBe(attempt);
    }
  });
});
