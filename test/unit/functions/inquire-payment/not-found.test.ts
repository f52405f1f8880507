import { describe, expect, it } from 'vitest';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import type { CancelOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import { DeferredError } from '../../../../shared/lambda/message-deferral.ts';
import {
  anUnknownPayment,
  approved,
  createInquiryHarness,
  inProgress,
  later,
  notFound,
} from './harness.ts';

const { inFlightWindowMs, lateCaptureCheckDelaysMs } = timings.local;

describe('inquire payment with "not found"', () => {
  it('inquires again at the end of the in-flight window', async () => {
    const { world, inquire } = createInquiryHarness(anUnknownPayment());
    world.now = later(inFlightWindowMs - 1);

    await expect(inquire()).rejects.toMatchObject({ delayMs: 1 });

    expect(world.stored.status).toBe('UNKNOWN');
    expect(world.calls).toEqual(['inquire']);
  });

  it('is conclusive after the in-flight window, a cancellation and a second look-up', async () => {
    const { world, inquire } = createInquiryHarness(anUnknownPayment());

    await expect(inquire()).rejects.toMatchObject({ delayMs: lateCaptureCheckDelaysMs[0] });

    expect(world.calls).toEqual(['inquire', 'cancel', 'inquire']);
    expect(world.stored.history.find(({ to }) => to === 'FAILED')?.gatewayCalls).toMatchObject([
      { operation: 'inquire', outcome: 'not-found' },
      { operation: 'cancel', outcome: 'cancelled' },
      { operation: 'inquire', outcome: 'not-found' },
    ]);
    expect(world.stored.status).toBe('FAILED');
    expect(world.stored.failure).toMatchObject({
      code: 'not-charged',
      evidence: expect.stringMatching(
        /^not found 15000 ms after .*cancellation of pay_\w+: cancelled; not found again at/,
      ),
    });
  });

  it.each<[string, CancelOutcome]>([
    ['could not be sent', { outcome: 'not-sent', reason: 'refused' }],
    ['was not answered', { outcome: 'ambiguous', reason: 'timeout' }],
    ['came while the gateway was processing', inProgress],
  ])('is not conclusive if the cancellation %s', async (_case, cancel) => {
    const { world, inquire } = createInquiryHarness(anUnknownPayment(), { cancel });

    await expect(inquire()).rejects.toBeInstanceOf(DeferredError);

    expect(world.stored.status).toBe('UNKNOWN');
    expect(world.calls).toEqual(['inquire', 'cancel']);
  });

  it('completes if the cancellation finds a capture', async () => {
    const { world, inquire } = createInquiryHarness(anUnknownPayment(), {
      inquiries: [notFound, approved],
      cancel: { outcome: 'already-captured', transactionId: 'tx' },
    });

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED' });
    expect(world.calls).toEqual(['inquire', 'cancel', 'inquire']);
  });

  it('is not conclusive if the cancellation answers "captured"', async () => {
    const { world, inquire } = createInquiryHarness(anUnknownPayment(), {
      cancel: { outcome: 'already-captured', transactionId: 'tx' },
    });

    await expect(inquire()).rejects.toBeInstanceOf(DeferredError);

    expect(world.stored.status).toBe('UNKNOWN');
  });

  it('counts the in-flight window from the last claim', async () => {
    const first = anUnknownPayment();
    const notSent = transitionPayment({ ...first, status: 'CHARGING' }, 'chargeNotSent', {
      at: later(5_000),
      by: 't',
    });
    const again = transitionPayment(notSent, 'claimed', { at: later(6_000), by: 't' });
    const { world, inquire } = createInquiryHarness(
      transitionPayment(again, 'outcomeUnknown', { at: later(7_000), by: 't' }),
    );

    await expect(inquire()).rejects.toBeInstanceOf(DeferredError);

    expect(world.stored.dueAt).toBe(later(inFlightWindowMs + 2_000).toISOString());
  });
});
