import { describe, expect, it } from 'vitest';
import { timings } from '../../../../shared/domain/timings.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import {
  anUnknownPayment,
  approved,
  aWaitingPayment,
  compensatedPayment,
  createInquiryHarness,
  historyOf,
  later,
  notFound,
  requiresAction,
  reviewedPayment,
  waitEndsAt,
} from './harness.ts';

const { inquiryBackoffMs } = timings.local;

describe('inquire about an unknown outcome, if the gateway waits for the buyer', () => {
  it.each<[string, string | undefined, Date]>([
    ["the service's limit from the claim", undefined, waitEndsAt],
    ["an earlier limit of the gateway's", later(60_000).toISOString(), later(60_000)],
  ])('returns the payment to its buyer until %s', async (_which, expiresAt, end) => {
    const { world, inquire } = createInquiryHarness(anUnknownPayment(), {
      inquiries: [{ ...requiresAction, ...(expiresAt && { expiresAt }) }],
    });

    await expect(inquire()).rejects.toMatchObject({ until: end.getTime() });

    expect(world.stored).toMatchObject({
      status: 'REQUIRES_ACTION',
      action: { url: requiresAction.url, expiresAt: end.toISOString(), transactionId: 'tx' },
      dueAt: end.toISOString(),
    });
    expect(world.calls).toEqual(['inquire']);
  });

  it.each<[string, Parameters<typeof anUnknownPayment>[0], number, string]>([
    ['after the limit', {}, timings.local.actionExpiryMs, 'authentication-expired'],
    [
      'after the buyer cancelled it',
      { cancelRequestedAt: later(500).toISOString() },
      2_000,
      'cancelled-by-buyer',
    ],
  ])('cancels the charge %s', async (_when, given, afterMs, code) => {
    const { world, requestInquiry } = createInquiryHarness(anUnknownPayment(given), {
      inquiries: [requiresAction, notFound],
    });
    world.now = later(afterMs);

    await requestInquiry(world.now);

    expect(world.calls).toEqual(['inquire', 'cancel', 'inquire']);
    expect(world.stored).toMatchObject({ status: 'FAILED', failure: { code } });
  });

  it('does not return it to its buyer after a cancellation, even if the gateway waits', async () => {
    const { world, inquire } = createInquiryHarness(anUnknownPayment(), {
      inquiries: [requiresAction, requiresAction],
    });
    world.now = waitEndsAt;
    const next = waitEndsAt.getTime() + (inquiryBackoffMs.at(1) ?? 0);

    await expect(inquire()).rejects.toMatchObject({ until: next });

    expect(world.stored).toMatchObject({ status: 'UNKNOWN', inquiryCount: 1 });
  });
});

describe('inquire about a charge that waits for its buyer, in other states', () => {
  it('stays under review until the limit, and then cancels the charge and fails', async () => {
    const payment = reviewedPayment('outcome-unknown');
    const { world, requestInquiry } = createInquiryHarness(payment, {
      inquiries: [requiresAction, requiresAction, notFound],
    });

    await requestInquiry(world.now);
    expect(historyOf(world.stored)).toEqual(historyOf(payment));

    world.now = waitEndsAt;
    expect(await requestInquiry(world.now, '2')).toMatchObject({ outcome: 'FAILED' });
    expect(world.calls).toEqual(['inquire', 'inquire', 'cancel', 'inquire']);
  });

  it('only observes it under a review that it cannot end', async () => {
    const payment = reviewedPayment('pg-mismatch', aWaitingPayment());
    const { world, requestInquiry } = createInquiryHarness(payment, {
      inquiries: [requiresAction],
    });
    world.now = waitEndsAt;

    await requestInquiry(world.now);

    expect(historyOf(world.stored)).toEqual(historyOf(payment));
    expect(world.calls).toEqual(['inquire']);
  });

  it('cancels it after the compensation and checks again', async () => {
    const lateCaptureCheck = { count: 0, nextAt: later(10_000).toISOString() };
    const payment = { ...compensatedPayment(), lateCaptureCheck, dueAt: lateCaptureCheck.nextAt };
    const { world, inquire } = createInquiryHarness(payment, {
      inquiries: [requiresAction, notFound],
    });
    world.now = later(10_000);

    await inquire().catch(() => {});
    expect(world.calls).toEqual(['inquire', 'cancel']);
    expect(world.stored).toMatchObject({ status: 'COMPENSATED', lateCaptureCheck: { count: 0 } });

    world.now = new Date(`${world.stored.dueAt}`);
    await inquire().catch(() => {});
    expect(world.stored).toMatchObject({ lateCaptureCheck: { count: 1 } });
  });
});

describe('hint about a payment that waits for its buyer', () => {
  it('makes it due, and due at its limit again once it is answered', async () => {
    const waiting = aWaitingPayment();
    const tables = new MemoryDynamo({ Payments: ['paymentId'] });
    tables.put('Payments', waiting);
    const payments = createPaymentRepository(tables.client, 'Payments');
    const hintedAt = later(5_000).toISOString();

    expect(await payments.recordHint(waiting, hintedAt)).toBe(true);
    const hinted = { ...waiting, hintedAt, dueAt: hintedAt };
    expect(tables.items('Payments')).toEqual([hinted]);

    const { world, inquire } = createInquiryHarness(hinted, { inquiries: [requiresAction] });
    world.now = later(6_000);
    await expect(inquire()).rejects.toMatchObject({ until: waitEndsAt.getTime() });
    expect(world.stored).toMatchObject({ dueAt: waitEndsAt.toISOString(), hintedAt });
  });

  it('is left by a capture that could not be written, and completes the payment', async () => {
    const unknown = anUnknownPayment();
    const { world, inquire } = createInquiryHarness(unknown, { inquiries: [approved, approved] });
    world.duringInquiry = () => {
      if (world.stored.status === 'UNKNOWN')
        world.stored = afterTransitions(world.stored, 'actionRequired');
    };

    await inquire().catch(() => {});
    expect(world.stored).toMatchObject({ status: 'REQUIRES_ACTION', hintedAt: expect.any(String) });

    world.now = later(16_000);
    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED' });
  });
});
