import { describe, expect, it } from 'vitest';
import { finishCompensation } from '../../../../shared/domain/compensation/compensation.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import type { DeferredError } from '../../../../shared/lambda/message-deferral.ts';
import { declined } from '../../../support/builders/gateway-outcomes.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import {
  ambiguous,
  approved,
  claimedPayment,
  createInquiryHarness,
  declinedPayment,
  later,
  now,
} from './harness.ts';

const { inFlightWindowMs, redeliveryBackoffMs } = timings.local;

describe('hint about a payment that is being charged', () => {
  it.each<[string, () => Payment]>([
    ['CHARGING', claimedPayment],
    [
      'RESERVED again, because nothing was sent',
      () => afterTransitions(claimedPayment(), 'chargeNotSent'),
    ],
    [
      'declined and waits for another payment method',
      () => afterTransitions(claimedPayment(), 'declinedKept'),
    ],
    ['FAILED and being compensated', declinedPayment],
  ])('defers with a growing delay while it is %s, then stores the hint', async (_state, create) => {
    const { world, requestInquiry } = createInquiryHarness(create());

    await expect(requestInquiry(now, '1', 'webhook')).rejects.toMatchObject({
      name: 'DeferredError',
      delayMs: redeliveryBackoffMs[0],
    });
    world.now = later(inFlightWindowMs + 3_000);
    await expect(requestInquiry(now)).rejects.toMatchObject({ delayMs: 1_500 });
    world.now = later(inFlightWindowMs + 2 * (redeliveryBackoffMs.at(-1) ?? 0) + 1);
    expect(await requestInquiry(now)).toMatchObject({ outcome: 'deferred-to-sweeper' });

    expect(world.calls).toEqual([]);
    expect(world.stored.hintedAt).toBe(now.toISOString());
    expect(world.stored.version).toBe(create().version);
  });

  it('is tried again if the payment has completed before the hint is stored', async () => {
    const { world, requestInquiry } = createInquiryHarness(claimedPayment());
    world.now = later(inFlightWindowMs + 60_000);
    world.beforeHint = () => {
      world.stored = afterTransitions(world.stored, 'captured');
    };

    await expect(requestInquiry(now, '1', 'webhook')).rejects.toThrow('no longer CHARGING');
    expect(world.stored).not.toHaveProperty('hintedAt');

    await requestInquiry(now, '1', 'webhook');
    expect(world.compared).toEqual(['COMPLETED']);
  });

  it('inquires once the payment is compensated and changes nothing without news', async () => {
    const { world, requestInquiry, inquire } = createInquiryHarness(claimedPayment(), {
      inquiries: [declined],
    });
    world.now = later(inFlightWindowMs + 60_000);
    await requestInquiry(now);
    const charged = afterTransitions(world.stored, 'declined');

    world.stored = finishCompensation(charged, [], world.now);
    expect(world.stored).toMatchObject({ status: 'COMPENSATED', dueAt: world.now.toISOString() });
    const { version } = world.stored;
    expect(await inquire()).toMatchObject({ outcome: 'COMPENSATED' });

    expect(world.calls).toEqual(['inquire']);
    expect(world.stored).toMatchObject({ status: 'COMPENSATED', version });
    expect(world.stored).not.toHaveProperty('dueAt');
  });

  it('retries until the gateway answers, without a longer history', async () => {
    const silence = Array.from({ length: 30 }, () => ambiguous);
    const { world, requestInquiry, inquire } = createInquiryHarness(claimedPayment(), {
      inquiries: [...silence, approved],
    });
    world.now = later(inFlightWindowMs + 60_000);
    await requestInquiry(now);
    world.stored = finishCompensation(afterTransitions(world.stored, 'declined'), [], world.now);
    const { version } = world.stored;

    for (const _ of silence) {
      const { delayMs } = (await inquire().catch((error) => error)) as DeferredError;
      expect(world.stored.version).toBe(version);
      world.now = new Date(world.now.getTime() + delayMs);
    }
    await expect(inquire()).rejects.toMatchObject({ delayMs: 0 });

    expect(world.stored.status).toBe('LATE_CAPTURED');
  });

  it('compares a completed payment and removes the hint', async () => {
    const { world, requestInquiry } = createInquiryHarness(
      afterTransitions(claimedPayment(), 'captured'),
    );

    expect(await requestInquiry(now)).toMatchObject({ outcome: 'COMPLETED, consistent' });

    expect(world.stored).not.toHaveProperty('hintedAt');
  });
});
