import { describe, expect, it } from 'vitest';
import { timings } from '../../../../shared/domain/timings.ts';
import type { CancelOutcome, InquiryOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import { DeferredError } from '../../../../shared/lambda/message-deferral.ts';
import { declined } from '../../../support/builders/gateway-outcomes.ts';
import {
  ambiguous,
  approved,
  aWaitingPayment,
  createInquiryHarness,
  historyOf,
  inProgress,
  later,
  mismatch,
  notFound,
  requiresAction,
  waitEndsAt,
} from './harness.ts';

const { inquiryBackoffMs, lateCaptureCheckDelaysMs } = timings.local;
const [firstDelayMs = 0] = inquiryBackoffMs as readonly number[];
const notSent = { outcome: 'not-sent', reason: 'refused' } as const;
const canceled = { ...declined, code: 'canceled', isCancelled: true } as const;
const alreadyCaptured = { outcome: 'already-captured', transactionId: 'tx' } as const;

type Script = NonNullable<Parameters<typeof createInquiryHarness>[1]>;

/** The inquirer at the end of the wait. */
const atTheEnd = (script: Script, stored = aWaitingPayment()) => {
  const harness = createInquiryHarness(stored, script);
  harness.world.now = waitEndsAt;

  return harness;
};

describe('inquire about a payment that waits for its buyer, before its limit', () => {
  it('defers the message to the limit without asking the gateway', async () => {
    const { world, inquire } = createInquiryHarness(aWaitingPayment());

    await expect(inquire()).rejects.toMatchObject({ until: waitEndsAt.getTime() });

    expect(world.calls).toEqual([]);
  });

  it('asks again at the limit if the inquiry just before it was not sent', async () => {
    const now = new Date(waitEndsAt.getTime() - 1_000);
    const { world, inquire } = createInquiryHarness(
      { ...aWaitingPayment(), dueAt: now.toISOString() },
      { inquiries: [notSent] },
    );
    world.now = now;

    await expect(inquire()).rejects.toMatchObject({ delayMs: 1_000 });

    expect(world.stored).toMatchObject({
      status: 'REQUIRES_ACTION',
      dueAt: waitEndsAt.toISOString(),
    });
  });

  it.each<[string, InquiryOutcome, object]>([
    [
      'completes it after a capture',
      approved,
      { status: 'COMPLETED', pg: { transactionId: 'tx' } },
    ],
    [
      'fails it after a decline',
      declined,
      { status: 'FAILED', failure: { code: 'insufficient-funds' } },
    ],
    ['opens a review if the capture differs', mismatch, { status: 'IN_REVIEW' }],
  ])('%s', async (_case, outcome, after) => {
    const { world, requestInquiry } = createInquiryHarness(aWaitingPayment(), {
      inquiries: [outcome],
    });

    await requestInquiry(world.now, '1', 'webhook');

    expect(world.stored).toMatchObject(after);
    expect(world.stored).not.toHaveProperty('action');
    expect(world.calls).toEqual(['inquire']);
  });

  it.each<[string, InquiryOutcome]>([
    ['still waits', requiresAction],
    ['shows no charge', notFound],
  ])('keeps the action if the gateway %s', async (_case, outcome) => {
    const before = aWaitingPayment();
    const { world, requestInquiry } = createInquiryHarness(before, { inquiries: [outcome] });

    await requestInquiry(world.now);

    expect(historyOf(world.stored)).toEqual(historyOf(before));
    expect(world.stored.action).toEqual(before.action);
    expect(world.evidence).toHaveLength(1);
    expect(world.calls).toEqual(['inquire']);
  });

  it.each([ambiguous, inProgress, notSent])(
    'repeats a request that the gateway does not answer: %j',
    async (outcome) => {
      const before = aWaitingPayment();
      const { world, requestInquiry } = createInquiryHarness(before, { inquiries: [outcome] });

      await expect(requestInquiry(world.now)).rejects.toBeInstanceOf(DeferredError);

      expect(historyOf(world.stored)).toEqual(historyOf(before));
      expect(world.stored).not.toHaveProperty('lastInquiredAt');
    },
  );

  it('inquires at most once in two seconds, so that the buyer soon reads the answer', async () => {
    const { world, requestInquiry } = createInquiryHarness(aWaitingPayment(), {
      inquiries: [requiresAction, approved],
    });
    await requestInquiry(world.now, '1', 'webhook');

    world.now = new Date(world.now.getTime() + 1_500);
    const requestedAt = world.now;
    await expect(requestInquiry(requestedAt, '2', 'buyer')).rejects.toMatchObject({ delayMs: 500 });
    world.now = new Date(world.now.getTime() + 500);
    expect(await requestInquiry(requestedAt, '2', 'buyer')).toMatchObject({ outcome: 'COMPLETED' });

    expect(world.calls).toEqual(['inquire', 'inquire']);
  });

  it('inquires immediately about a hint that came during the charge, and then waits', async () => {
    const hintedAt = later(500).toISOString();
    const { world, inquire } = createInquiryHarness(aWaitingPayment({ hintedAt }), {
      inquiries: [ambiguous, requiresAction],
    });
    world.now = later(10_000);
    const retryAt = later(10_000 + 2_000);

    await expect(inquire()).rejects.toMatchObject({ until: retryAt.getTime() });
    expect(world.stored.dueAt).toBe(retryAt.toISOString());

    world.now = retryAt;
    await expect(inquire()).rejects.toMatchObject({ until: waitEndsAt.getTime() });
    expect(world.stored).toMatchObject({
      status: 'REQUIRES_ACTION',
      dueAt: waitEndsAt.toISOString(),
    });

    await expect(inquire()).rejects.toMatchObject({ until: waitEndsAt.getTime() });
    expect(world.calls).toEqual(['inquire', 'inquire']);
  });

  it('inquires again at the limit after an answered hint', async () => {
    const hintedAt = later(500).toISOString();
    const { world, inquire } = createInquiryHarness(aWaitingPayment({ hintedAt }), {
      inquiries: [requiresAction, approved],
    });
    await expect(inquire()).rejects.toBeInstanceOf(DeferredError);

    world.now = waitEndsAt;
    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED' });
  });
});

describe('inquire about a payment that waits for its buyer, at its limit', () => {
  it('cancels the charge at the gateway and fails the payment', async () => {
    const { world, inquire } = atTheEnd({ inquiries: [requiresAction] });

    await expect(inquire()).rejects.toMatchObject({ delayMs: lateCaptureCheckDelaysMs[0] });

    expect(world.calls).toEqual(['inquire', 'cancel', 'inquire']);
    expect(world.stored).toMatchObject({
      status: 'FAILED',
      failure: {
        code: 'authentication-expired',
        evidence: expect.stringMatching(
          /^the gateway waited for the buyer until .*; cancellation of pay_\w+: cancelled; not found at /,
        ),
      },
      lateCaptureCheck: { count: 0 },
    });
    expect(JSON.stringify(world.stored)).not.toContain(requiresAction.url);
  });

  it.each<[string, InquiryOutcome[]]>([
    ['the gateway shows the cancelled charge', [requiresAction, canceled]],
    ['an earlier inquiry cancelled it, and its write was lost', [canceled]],
    ['an earlier inquiry cancelled it, and the gateway shows nothing', [notFound, notFound]],
  ])('fails the payment for the same reason if %s', async (_case, inquiries) => {
    const { world, inquire } = atTheEnd({ inquiries });

    await expect(inquire()).rejects.toBeInstanceOf(DeferredError);

    expect(world.stored).toMatchObject({
      status: 'FAILED',
      failure: { code: 'authentication-expired' },
      lateCaptureCheck: { count: 0 },
    });
  });

  it.each<[string, InquiryOutcome[], CancelOutcome | undefined, object]>([
    ['approved before', [approved], undefined, { status: 'COMPLETED' }],
    [
      'declined before',
      [declined],
      undefined,
      { status: 'FAILED', failure: { code: 'insufficient-funds' } },
    ],
    [
      'approved during the cancellation',
      [requiresAction, approved],
      alreadyCaptured,
      { status: 'COMPLETED' },
    ],
  ])('follows the buyer who %s', async (_case, inquiries, cancel, after) => {
    const { world, inquire } = atTheEnd({ inquiries, ...(cancel && { cancel }) });

    await inquire();

    expect(world.stored).toMatchObject(after);
    expect(world.stored).not.toHaveProperty('lateCaptureCheck');
  });

  it.each<[string, Script]>([
    ['the inquiry is not answered', { inquiries: [ambiguous] }],
    ['the gateway still processes', { inquiries: [inProgress] }],
    ['the cancellation is not answered', { inquiries: [requiresAction], cancel: ambiguous }],
    ['the cancellation finds nothing', { inquiries: [requiresAction], cancel: notFound }],
    ['the cancellation is refused', { inquiries: [requiresAction], cancel: inProgress }],
    ['the gateway still waits', { inquiries: [requiresAction, requiresAction] }],
    ['the second inquiry is not answered', { inquiries: [requiresAction, ambiguous] }],
    [
      'it was captured, and the gateway does not show it',
      { inquiries: [requiresAction, notFound], cancel: alreadyCaptured },
    ],
  ])('does not know the outcome if %s', async (_case, script) => {
    const { world, inquire } = atTheEnd(script);

    await expect(inquire()).rejects.toMatchObject({
      until: waitEndsAt.getTime() + firstDelayMs,
    });

    expect(world.stored).toMatchObject({
      status: 'UNKNOWN',
      dueAt: later(timings.local.actionExpiryMs + firstDelayMs).toISOString(),
    });
    expect(world.stored).not.toHaveProperty('failure');
    expect(world.stored).not.toHaveProperty('action');
  });

  it.each<[string, Script]>([
    ['inquiry', { inquiries: [notSent] }],
    ['cancellation', { inquiries: [requiresAction], cancel: notSent }],
  ])('repeats the %s if it was not sent', async (_case, script) => {
    const { world, inquire } = atTheEnd(script);

    await expect(inquire()).rejects.toBeInstanceOf(DeferredError);

    expect(world.stored.status).toBe('REQUIRES_ACTION');
    expect(Date.parse(`${world.stored.dueAt}`)).toBeGreaterThan(waitEndsAt.getTime());
  });
});

describe('inquire about a payment that waits, after its buyer cancelled it', () => {
  const cancelled = () => aWaitingPayment({ cancelRequestedAt: later(2_000).toISOString() });

  it('cancels the charge at the gateway without waiting for the limit', async () => {
    const { world, inquire } = createInquiryHarness(cancelled(), { inquiries: [requiresAction] });

    await expect(inquire()).rejects.toBeInstanceOf(DeferredError);

    expect(world.calls).toEqual(['inquire', 'cancel', 'inquire']);
    expect(world.stored).toMatchObject({
      status: 'FAILED',
      failure: { code: 'cancelled-by-buyer' },
      lateCaptureCheck: { count: 0 },
    });
  });

  it('keeps the request for a refund if the charge was captured first', async () => {
    const { world, requestInquiry } = createInquiryHarness(cancelled(), { inquiries: [approved] });

    await requestInquiry(world.now);

    expect(world.stored).toMatchObject({
      status: 'COMPLETED',
      cancelRequestedAt: later(2_000).toISOString(),
    });
    expect(world.stored).toHaveProperty('dueAt');
  });

  it('does not know the outcome if the cancellation is not answered', async () => {
    const { world, requestInquiry } = createInquiryHarness(cancelled(), {
      inquiries: [requiresAction],
      cancel: ambiguous,
    });

    await requestInquiry(world.now);

    expect(world.stored.status).toBe('UNKNOWN');
  });
});
