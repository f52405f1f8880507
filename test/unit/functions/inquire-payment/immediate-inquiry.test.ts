import { describe, expect, it } from 'vitest';
import { finishCompensation } from '../../../../shared/domain/compensation/compensation.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import type { InquiryOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import { DeferredError } from '../../../../shared/lambda/message-deferral.ts';
import { anOrder, aPayment } from '../../../support/builders/builders.ts';
import { declined } from '../../../support/builders/gateway-outcomes.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import {
  ambiguous,
  anUnknownPayment,
  approved,
  compensatedPayment,
  createInquiryHarness,
  declinedPayment,
  historyOf,
  inProgress,
  later,
  notFound,
  now,
  reviewedPayment,
} from './harness.ts';

const {
  gatewayIdempotencyTtlMs,
  immediateInquiryIntervalMs,
  inFlightWindowMs,
  redeliveryBackoffMs,
} = timings.local;

/** UNKNOWN, with its next inquiry due in an hour. */
const inquiryRequestedPayment = (given: Partial<Payment> = {}): Payment => ({
  ...anUnknownPayment(),
  inquiryCount: 3,
  dueAt: later(3_600_000).toISOString(),
  ...given,
});

describe('immediate inquiry', () => {
  it('inquires about an unknown outcome before its next inquiry is due', async () => {
    const { world, requestInquiry } = createInquiryHarness(inquiryRequestedPayment(), {
      inquiries: [approved],
    });

    expect(await requestInquiry(now, '1', 'webhook')).toMatchObject({ outcome: 'COMPLETED' });

    expect(world.stored).toMatchObject({ status: 'COMPLETED', pg: { transactionId: 'tx' } });
    expect(world.stored.history.at(-1)).toMatchObject({
      trigger: { source: 'webhook', requestedAt: now.toISOString() },
      gatewayCalls: [{ operation: 'inquire', outcome: 'approved' }],
    });
  });

  it.each<[string, InquiryOutcome]>([
    ['in progress', inProgress],
    ['ambiguous', ambiguous],
    ['not sent', { outcome: 'not-sent', reason: 'refused' }],
  ])('changes no status and counts no inquiry if the answer is %s', async (_case, outcome) => {
    const payment = inquiryRequestedPayment();
    const { world, requestInquiry } = createInquiryHarness(payment, { inquiries: [outcome] });

    expect(await requestInquiry(now)).toMatchObject({ outcome: 'UNKNOWN' });

    expect(historyOf(world.stored)).toEqual(historyOf(payment));
    expect(world.stored).toMatchObject({ inquiryCount: 3, lastInquiredAt: now.toISOString() });
    expect(world.evidence).toMatchObject([
      { detail: expect.stringMatching(/^immediate inquiry: /) },
    ]);
  });

  it('answers earlier requests by one later inquiry', async () => {
    const { world, requestInquiry } = createInquiryHarness(inquiryRequestedPayment(), {
      inquiries: [inProgress, approved],
    });

    await requestInquiry(later(inFlightWindowMs - 2), 'first');
    expect(await requestInquiry(later(inFlightWindowMs - 1), 'second')).toMatchObject({
      outcome: 'duplicate',
    });
    expect(world.calls).toEqual(['inquire']);

    world.now = later(inFlightWindowMs + immediateInquiryIntervalMs);
    expect(await requestInquiry(later(inFlightWindowMs + 1), 'third')).toMatchObject({
      outcome: 'COMPLETED',
    });
  });

  it('inquires at most every ten seconds and loses no request', async () => {
    const { world, requestInquiry } = createInquiryHarness(inquiryRequestedPayment(), {
      inquiries: [inProgress, approved],
    });
    await requestInquiry(now, 'first', 'webhook');

    for (const name of ['second', 'third']) {
      world.now = later(inFlightWindowMs + 1_000);
      await expect(requestInquiry(world.now, name)).rejects.toMatchObject({
        name: 'DeferredError',
        delayMs: immediateInquiryIntervalMs - 1_000,
      });
    }
    expect(world.calls).toHaveLength(1);

    world.now = later(inFlightWindowMs + immediateInquiryIntervalMs);
    expect(await requestInquiry(later(inFlightWindowMs + 1_000), 'second')).toMatchObject({
      outcome: 'COMPLETED',
    });
    expect(world.calls).toHaveLength(2);
  });

  it('inquires from one of two concurrent messages', async () => {
    const { world, requestInquiry } = createInquiryHarness(inquiryRequestedPayment(), {
      inquiries: [inProgress],
    });

    const answers = await Promise.allSettled([
      requestInquiry(now, 'first'),
      requestInquiry(now, 'second'),
    ]);

    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(world.calls).toHaveLength(1);
  });

  it('inquires again if the function stopped after it reserved its turn', async () => {
    const { world, requestInquiry } = createInquiryHarness(
      {
        ...inquiryRequestedPayment(),
        lastImmediateInquiryAt: later(inFlightWindowMs - immediateInquiryIntervalMs).toISOString(),
      },
      { inquiries: [approved] },
    );

    expect(
      await requestInquiry(later(inFlightWindowMs - immediateInquiryIntervalMs)),
    ).toMatchObject({
      outcome: 'COMPLETED',
    });
    expect(world.calls).toHaveLength(1);
  });

  it.each<[string, () => Payment]>([
    ['RESERVED', () => aPayment()],
    ['LATE_CAPTURED', () => afterTransitions(compensatedPayment(), 'lateCaptured')],
    ['FAILED before any claim', () => afterTransitions(aPayment(), 'holdReleased')],
    ['free of charge', () => anUnknownPayment({ order: anOrder({ discount: 5_000 }) })],
  ])('does not inquire about a payment that is %s', async (_case, create) => {
    const payment = create();
    const { world, requestInquiry } = createInquiryHarness(payment, { inquiries: [approved] });

    expect(await requestInquiry(now)).toMatchObject({ outcome: payment.status });

    expect(historyOf(world.stored)).toEqual(historyOf(payment));
    expect(world.calls).toEqual([]);
  });
});

describe('immediate inquiry about a declined charge', () => {
  it('inquires after the compensation and refunds a late capture once', async () => {
    const { world, requestInquiry, inquire } = createInquiryHarness(declinedPayment(), {
      inquiries: [approved],
    });

    await expect(requestInquiry(now)).rejects.toMatchObject({ delayMs: redeliveryBackoffMs[0] });
    expect(world.calls).toEqual([]);
    world.stored = finishCompensation(world.stored, [], now);
    expect(await requestInquiry(now)).toMatchObject({ outcome: 'LATE_CAPTURED' });
    expect(await inquire()).toMatchObject({ outcome: 'REVERSED' });

    expect(world.refundKeys).toEqual([`rfd:${world.stored.paymentId}-late`]);
  });

  it.each([declined, notFound])(
    'keeps a payment that is still $outcome and stores the evidence',
    async (outcome) => {
      const rested = compensatedPayment();
      const { world, requestInquiry } = createInquiryHarness(rested, { inquiries: [outcome] });

      expect(await requestInquiry(now)).toMatchObject({ outcome: 'COMPENSATED' });

      expect(historyOf(world.stored)).toEqual(historyOf(rested));
      expect(world.evidence).toMatchObject([
        {
          detail: `immediate inquiry: ${outcome.outcome}`,
          gatewayCalls: [{ operation: 'inquire', outcome: outcome.outcome }],
          trigger: { source: 'operator', requestedAt: now.toISOString() },
        },
      ]);
    },
  );

  it('retries with a growing backoff for at most a day', async () => {
    const silence = Array.from({ length: 4 }, () => ambiguous);
    const { world, requestInquiry } = createInquiryHarness(compensatedPayment(), {
      inquiries: silence,
    });

    await expect(requestInquiry(now)).rejects.toMatchObject({ delayMs: redeliveryBackoffMs[0] });
    world.now = later(inFlightWindowMs + 3_000);
    await expect(requestInquiry(now)).rejects.toMatchObject({
      delayMs: immediateInquiryIntervalMs - 3_000,
    });
    world.now = later(inFlightWindowMs + 3_600_000);
    await expect(requestInquiry(now)).rejects.toMatchObject({
      delayMs: redeliveryBackoffMs.at(-1),
    });
    world.now = later(inFlightWindowMs + gatewayIdempotencyTtlMs + 1);
    await expect(requestInquiry(now)).rejects.not.toBeInstanceOf(DeferredError);

    expect(world.stored.status).toBe('COMPENSATED');
  });

  it('keeps its scheduled late capture checks', async () => {
    const lateCaptureCheck = { count: 1, nextAt: later(3_600_000).toISOString() };
    const scheduled = finishCompensation(
      { ...declinedPayment(), lateCaptureCheck: lateCaptureCheck },
      [],
      later(2_000),
    );
    const { world, requestInquiry } = createInquiryHarness(scheduled, { inquiries: [ambiguous] });

    expect(await requestInquiry(now)).toMatchObject({ outcome: 'COMPENSATED' });

    expect(historyOf(world.stored)).toEqual(historyOf(scheduled));
    expect(scheduled).toMatchObject({ lateCaptureCheck, dueAt: lateCaptureCheck.nextAt });
  });
});

it.each<[string, Payment, InquiryOutcome]>([
  ['under review', reviewedPayment('pg-mismatch'), declined],
  ['compensated', compensatedPayment(), declined],
])('inquires once per request about a payment that stays %s', async (_, payment, outcome) => {
  const { world, requestInquiry } = createInquiryHarness(payment, {
    inquiries: [outcome, outcome],
  });

  await requestInquiry(now, 'first');
  world.now = later(inFlightWindowMs + immediateInquiryIntervalMs);
  expect(await requestInquiry(later(inFlightWindowMs - 1), 'first')).toMatchObject({
    replayed: true,
  });
  await requestInquiry(world.now, 'second');

  expect(world.calls).toEqual(['inquire', 'inquire']);
  expect(world.evidence).toMatchObject([{ occurrences: 2 }]);
});
