import { describe, expect, it } from 'vitest';
import { timings } from '../../../../shared/domain/timings.ts';
import type { InquiryOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import { DeferredError, maxDelayMs } from '../../../../shared/lambda/message-deferral.ts';
import { anOrder, aPayment } from '../../../support/builders/builders.ts';
import { declined } from '../../../support/builders/gateway-outcomes.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import {
  anUnknownPayment,
  approved,
  createInquiryHarness,
  historyOf,
  inProgress,
  later,
  notFound,
} from './harness.ts';

const { inFlightWindowMs, inquiryBackoffMs } = timings.local;

const refusedKey = {
  outcome: 'not-sent',
  reason: 'the gateway rejected our API key (401)',
  cause: 'credentials',
} as const;

describe('inquire payment', () => {
  it('settles a capture that the gateway reports', async () => {
    const { world, inquire } = createInquiryHarness(anUnknownPayment(), { inquiries: [approved] });

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED' });

    expect(world.stored).toMatchObject({
      status: 'COMPLETED',
      inquiryCount: 1,
      pg: { transactionId: 'tx' },
    });
    expect(world.calls).toEqual(['inquire']);
  });

  it.each<[string, InquiryOutcome, object]>([
    [
      'fails on a documented decline, with its evidence',
      declined,
      {
        status: 'FAILED',
        failure: {
          code: 'insufficient-funds',
          reason: 'The card or account has insufficient funds.',
          evidence:
            'The gateway declined attempt 1 with the documented code insufficient_funds: no funds',
        },
      },
    ],
    [
      'opens a review if the gateway approved another amount',
      { outcome: 'mismatch', transactionId: 'tx', differences: ['amount'] },
      { status: 'IN_REVIEW', failure: { code: 'pg-mismatch' } },
    ],
    [
      'opens a review if part of the capture was refunded at the gateway',
      { ...approved, captured: 5_000, refunded: 1_000 },
      {
        status: 'IN_REVIEW',
        failure: {
          code: 'refunded-at-gateway',
          evidence: 'tx: captured 5000, refunded 1000 at the gateway',
        },
      },
    ],
    [
      'opens a review if all of the capture was refunded at the gateway',
      { ...approved, captured: 5_000, refunded: 5_000 },
      {
        status: 'IN_REVIEW',
        failure: {
          code: 'refunded-at-gateway',
          evidence: 'tx: captured 5000, refunded 5000 at the gateway',
        },
      },
    ],
    [
      'records the refunded part of another amount, too',
      {
        outcome: 'mismatch',
        transactionId: 'tx',
        differences: ['amount'],
        captured: 5_001,
        refunded: 1,
      },
      {
        status: 'IN_REVIEW',
        failure: {
          code: 'pg-mismatch',
          evidence: 'tx: amount, captured 5001, refunded 1 at the gateway',
        },
      },
    ],
  ])('%s', async (_case, outcome, expected) => {
    const { world, inquire } = createInquiryHarness(anUnknownPayment(), { inquiries: [outcome] });

    await inquire();

    expect(world.stored).toMatchObject(expected);
    expect(world.stored.reservation).toEqual(aPayment().reservation);
  });

  it.each<[string, InquiryOutcome]>([
    ['in progress', inProgress],
    ['ambiguous', { outcome: 'ambiguous', reason: '500' }],
  ])('inquires again later and releases nothing if the answer is %s', async (_case, outcome) => {
    const { world, inquire } = createInquiryHarness(anUnknownPayment(), { inquiries: [outcome] });

    await expect(inquire()).rejects.toMatchObject({ name: 'DeferredError', delayMs: 2_000 });

    expect(world.stored).toMatchObject({
      status: 'UNKNOWN',
      inquiryCount: 1,
      dueAt: later(inFlightWindowMs + 2_000).toISOString(),
    });
    expect(world.stored.reservation).toEqual(aPayment().reservation);
  });

  it.each<[string, InquiryOutcome]>([
    ['is rejected for our API key', refusedKey],
    ['reaches no gateway', { outcome: 'not-sent', reason: 'ECONNREFUSED' }],
  ])('counts no inquiry and changes nothing while the request %s', async (_case, notSent) => {
    const outages = Array.from({ length: 3 * inquiryBackoffMs.length }, () => notSent);
    const { world, inquire } = createInquiryHarness(anUnknownPayment(), {
      inquiries: [...outages, approved],
    });
    const before = world.stored;
    const waits: number[] = [];

    for (const _ of outages) {
      const { name, delayMs } = (await inquire().catch((error) => error)) as DeferredError;
      expect(name).toBe('DeferredError');
      waits.push(delayMs);
      world.now = new Date(world.now.getTime() + delayMs);
      expect(world.stored).toEqual({ ...before, dueAt: world.now.toISOString() });
    }
    expect(Math.max(...waits)).toBe(Math.max(...timings.local.redeliveryBackoffMs));

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED' });
  });

  it('inquires again if the cancellation was not sent', async () => {
    const { world, inquire } = createInquiryHarness(anUnknownPayment(), {
      inquiries: [notFound, approved],
      cancel: refusedKey,
    });

    await expect(inquire()).rejects.toMatchObject({ name: 'DeferredError' });
    expect(world.stored).toMatchObject({ status: 'UNKNOWN', version: anUnknownPayment().version });
    world.now = new Date(world.stored.dueAt ?? '');

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED' });
  });

  it.each([
    ['its coupon covers in full', anUnknownPayment({ order: anOrder({ discount: 5_000 }) })],
    ['the balance pays in full', anUnknownPayment({ balanceAmount: 5_000 })],
  ])('calls no gateway for a payment that %s', async (_case, payment) => {
    const { world, inquire } = createInquiryHarness(payment);

    await inquire();

    expect(world.stored.status).toBe('COMPLETED');
    expect(world.calls).toEqual([]);
  });

  it('does not inquire about a known outcome', async () => {
    const payment = aPayment({ status: 'COMPLETED' });
    const { world, inquire } = createInquiryHarness(payment);

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED' });
    expect(world.calls).toEqual([]);
  });

  it('opens a review when the capture cannot be booked', async () => {
    const { world, inquire } = createInquiryHarness(anUnknownPayment(), { inquiries: [approved] });
    world.captureResult = 'ledger-mismatch';

    await inquire();

    expect(world.stored).toMatchObject({
      status: 'IN_REVIEW',
      failure: { code: 'ledger-mismatch' },
    });
  });

  it('stores an outcome as evidence when the payment has changed meanwhile', async () => {
    const { world, inquire } = createInquiryHarness(anUnknownPayment(), { inquiries: [approved] });
    const decided = { ...world.stored, status: 'FAILED', version: 9 } as const;
    world.duringInquiry = () => {
      world.stored = decided;
    };

    await expect(inquire()).rejects.toBeInstanceOf(DeferredError);

    expect(historyOf(world.stored)).toEqual(historyOf(decided));
    expect(world.evidence).toEqual([
      expect.objectContaining({ detail: expect.stringContaining('approved as tx') }),
    ]);
  });

  it.each<[string, InquiryOutcome, boolean]>([
    ['captured', approved, true],
    [
      'captured with another amount',
      { outcome: 'mismatch', transactionId: 'tx', differences: ['amount'] },
      true,
    ],
    ['declined', declined, false],
  ])('schedules or ends inquiries after a late answer: %s', async (_case, outcome, isFollowed) => {
    const { world, inquire } = createInquiryHarness(anUnknownPayment(), { inquiries: [outcome] });
    world.duringInquiry = () => {
      world.stored = afterTransitions(world.stored, 'declined', 'compensated');
    };

    await inquire().catch(() => {});

    expect(world.stored.status).toBe('COMPENSATED');
    expect('dueAt' in world.stored).toBe(isFollowed);
  });
});

describe('schedule of inquiries', () => {
  it('defers until the inquiry is due', async () => {
    const { world, inquire } = createInquiryHarness({
      ...anUnknownPayment(),
      dueAt: later(inFlightWindowMs + 700).toISOString(),
    });

    await expect(inquire()).rejects.toMatchObject({ name: 'DeferredError', delayMs: 700 });
    expect(world.calls).toEqual([]);
  });

  it('leaves a due time beyond the maximum SQS delay to the sweeper', async () => {
    const { world, inquire } = createInquiryHarness({
      ...anUnknownPayment(),
      dueAt: later(inFlightWindowMs + maxDelayMs + 1).toISOString(),
    });

    expect(await inquire()).toMatchObject({ outcome: 'deferred-to-sweeper' });
    expect(world.stored.status).toBe('UNKNOWN');
  });

  it('follows the published backoff and opens a review at its end with the money held', async () => {
    const answers = inquiryBackoffMs.map(() => inProgress);
    const { world, inquire } = createInquiryHarness(anUnknownPayment(), { inquiries: answers });
    const waits: number[] = [];

    for (const _ of inquiryBackoffMs) {
      const { delayMs } = (await inquire().catch((error) => error)) as DeferredError;
      waits.push(delayMs);
      world.now = new Date(world.now.getTime() + (delayMs ?? 0));
    }

    expect(waits).toEqual([...inquiryBackoffMs.slice(1), undefined]);
    expect(world.stored).toMatchObject({
      status: 'IN_REVIEW',
      inquiryCount: inquiryBackoffMs.length,
      failure: { code: 'outcome-unknown', evidence: expect.stringContaining('still in progress') },
    });
    expect(world.stored.reservation).toEqual(aPayment().reservation);
  });

  it('drops a duplicate of the inquiry message, so that only one keeps waiting', async () => {
    const { world, inquire } = createInquiryHarness(anUnknownPayment(), {
      inquiries: [inProgress, inProgress],
    });
    const { version } = world.stored;

    const [first, second] = await Promise.allSettled([inquire(), inquire()]);

    expect(first).toMatchObject({ reason: expect.any(DeferredError) });
    expect(second).toMatchObject({ value: { outcome: 'duplicate' } });
    expect(world.stored).toMatchObject({ version: version + 1, inquiryCount: 1 });
  });
});
