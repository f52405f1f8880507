import { describe, expect, it } from 'vitest';
import { timings } from '../../../shared/domain/timings.ts';
import { maxDelayMs } from '../../../shared/lambda/message-deferral.ts';

const hourMs = 60 * 60 * 1_000;
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe.each(Object.entries(timings))('timings of the profile %s', (_, profile) => {
  it('trust an idempotency key no longer than Stripe keeps it', () => {
    expect(profile.gatewayIdempotencyTtlMs).toBeLessThanOrEqual(24 * hourMs);
  });

  it('let a charge wait for its buyer longer than its claim, and no longer than its key', () => {
    const { actionExpiryMs, claimLeaseMs, gatewayIdempotencyTtlMs } = profile;

    expect(actionExpiryMs).toBeGreaterThan(claimLeaseMs);
    expect(actionExpiryMs).toBeLessThan(gatewayIdempotencyTtlMs / 10);
    // Its message can wait for the limit in the queue.
    expect(actionExpiryMs).toBeLessThanOrEqual(maxDelayMs);
  });
});

describe('timings of the profile cloud', () => {
  const { lateCaptureCheckDelaysMs, gatewayIdempotencyTtlMs } = timings.cloud;

  it('check for a late capture until the gateway has forgotten the charge key', () => {
    expect(sum(lateCaptureCheckDelaysMs)).toBeGreaterThan(gatewayIdempotencyTtlMs);
  });
});
