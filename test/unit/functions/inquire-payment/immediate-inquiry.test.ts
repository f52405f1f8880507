import { describe, expect, it } from 'vitest';
import { GatewayNoResponseError } from '../../../../functions/inquire-payment/errors.ts';
import { finishCompensation } from '../../../../shared/domain/compensation/compensation.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import type { InquiryOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import { DeferredError } from '../../../../shared/lambda/message-deferral.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
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

const {
  inFlightWindowMs,
  redeliveryBackoffMs,
  gatewayIdempotencyTtlMs,
  immediateInquiryIntervalMs,
} = timings.local;
const now = later(inFlightWindowMs);
const declined = { outcome: 'declined', code: 'insufficient_funds', reason: 'no funds' } as const;
const ambiguous = { outcome: 'ambiguous', reason: 'timeout' } as const;
const mismatch = { outcome: 'mismatch', transactionId: 'tx', differences: ['amount'] } as const;

/** Unknown, and to be asked about in an hour. */
const inquiryRequestedPayment = (given: Partial<Payment> = {}): Payment => ({
  ...anUnknownPayment(),
  inquiryCount: 3,
  dueAt: later(3_600_000).toISOString(),
  ...given,
});

const claimedPayment = () =>
  transitionPayment(aPayment(), 'claimed', { at: noon, by: 'test', change: { attempt: 1 } });
const declinedPayment = () =>
  transitionPayment(claimedPayment(), 'declined', {
    at: later(1_000),
    by: 'test',
    change: { failure: { code: 'insufficient_funds', reason: 'no funds' } },
  });
const compensatedPayment = () => finishCompensation(declinedPayment(), [], later(2_000));

/** Under review since noon, because of this. */
const reviewedPayment = (code: string, before: Payment = anUnknownPayment()): Payment =>
  transitionPayment(before, 'reviewOpened', {
    at: later(3_000),
    by: 'test',
    change: { failure: { code, reason: 'nobody knows' } },
  });

describe('immediate inquiry', () => {
  it('inquires about an unknown outcome before its next inquiry is due', async () => {
    const { world, askSince } = createInquiryHarness(inquiryRequestedPayment(), {
      inquiries: [approved],
    });

    expect(await askSince(now, '1', 'webhook')).toMatchObject({ outcome: 'COMPLETED' });

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
    const { world, askSince } = createInquiryHarness(payment, { inquiries: [outcome] });

    expect(await askSince(now)).toMatchObject({ outcome: 'UNKNOWN' });

    expect(historyOf(world.stored)).toEqual(historyOf(payment));
    expect(world.stored).toMatchObject({ inquiryCount: 3, lastInquiredAt: now.toISOString() });
    expect(world.noted).toMatchObject([{ detail: expect.stringMatching(/^immediate inquiry: /) }]);
  });

  it('answers earlier requests by one later inquiry', async () => {
    const { world, askSince } = createInquiryHarness(inquiryRequestedPayment(), {
      inquiries: [inProgress, approved],
    });

    await askSince(later(inFlightWindowMs - 2), 'first');
    expect(await askSince(later(inFlightWindowMs - 1), 'second')).toMatchObject({
      outcome: 'duplicate',
    });
    expect(world.asked).toEqual(['inquire']);

    world.now = later(inFlightWindowMs + immediateInquiryIntervalMs);
    expect(await askSince(later(inFlightWindowMs + 1), 'third')).toMatchObject({
      outcome: 'COMPLETED',
    });
  });

  it('inquires at most every ten seconds and loses no request', async () => {
    const { world, askSince } = createInquiryHarness(inquiryRequestedPayment(), {
      inquiries: [inProgress, approved],
    });
    await askSince(now, 'first', 'webhook');

    for (const name of ['second', 'third']) {
      world.now = later(inFlightWindowMs + 1_000);
      await expect(askSince(world.now, name)).rejects.toMatchObject({
        name: 'DeferredError',
        delayMs: immediateInquiryIntervalMs - 1_000,
      });
    }
    expect(world.asked).toHaveLength(1);

    world.now = later(inFlightWindowMs + immediateInquiryIntervalMs);
    expect(await askSince(later(inFlightWindowMs + 1_000), 'second')).toMatchObject({
      outcome: 'COMPLETED',
    });
    expect(world.asked).toHaveLength(2);
  });

  it('inquires from one of two concurrent messages', async () => {
    const { world, askSince } = createInquiryHarness(inquiryRequestedPayment(), {
      inquiries: [inProgress],
    });

    const answers = await Promise.allSettled([askSince(now, 'first'), askSince(now, 'second')]);

    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(world.asked).toHaveLength(1);
  });

  it('inquires again if the function stopped after it reserved its turn', async () => {
    const { world, askSince } = createInquiryHarness(
      {
        ...inquiryRequestedPayment(),
        lastImmediateInquiryAt: later(inFlightWindowMs - immediateInquiryIntervalMs).toISOString(),
      },
      { inquiries: [approved] },
    );

    expect(await askSince(later(inFlightWindowMs - immediateInquiryIntervalMs))).toMatchObject({
      outcome: 'COMPLETED',
    });
    expect(world.asked).toHaveLength(1);
  });

  it.each<[string, () => Payment]>([
    ['RESERVED', () => aPayment()],
    ['LATE_CAPTURED', () => afterTransitions(compensatedPayment(), 'lateCaptured')],
    ['FAILED before any claim', () => afterTransitions(aPayment(), 'holdReleased')],
    ['free of charge', () => anUnknownPayment({ order: anOrder({ discount: 5_000 }) })],
  ])('does not inquire about a payment that is %s', async (_case, made) => {
    const payment = made();
    const { world, askSince } = createInquiryHarness(payment, { inquiries: [approved] });

    expect(await askSince(now)).toMatchObject({ outcome: payment.status });

    expect(historyOf(world.stored)).toEqual(historyOf(payment));
    expect(world.asked).toEqual([]);
  });
});

describe('immediate inquiry about a capture refunded at the gateway', () => {
  it.each(['outcome-unknown', 'ledger-mismatch', 'refunded-at-gateway'])(
    'does not complete a payment under review as %s',
    async (code) => {
      const payment = reviewedPayment(code);
      const { world, askSince } = createInquiryHarness(payment, {
        inquiries: [{ ...approved, captured: 5_000, refunded: 1_000 }],
      });

      await askSince(now);

      expect(historyOf(world.stored)).toEqual(historyOf(payment));
      expect(world.noted).toMatchObject([
        { detail: expect.stringContaining('captured 5000, refunded 1000 at the gateway') },
      ]);
    },
  );

  it.each([approved, mismatch])(
    'changes nothing if an operator decided that it failed: $outcome',
    async (found) => {
      const failed = transitionPayment(reviewedPayment('refunded-at-gateway'), 'declined', {
        at: later(4_000),
        by: 'test',
        change: { failure: { code: 'not-paid', reason: 'It was not paid.' } },
      });
      const payment = finishCompensation(failed, [], later(5_000));
      const { world, askSince } = createInquiryHarness(payment, {
        inquiries: [{ ...found, captured: 5_000, refunded: 5_000 }],
      });

      await askSince(now);

      expect(historyOf(world.stored)).toEqual(historyOf(payment));
      expect(world.noted).toMatchObject([
        { detail: 'immediate inquiry: captured 5000, refunded 5000 at the gateway' },
      ]);
    },
  );
});

describe('immediate inquiry about a final payment', () => {
  it.each<[string, () => Payment]>([
    ['COMPLETED', () => afterTransitions(anUnknownPayment(), 'captured')],
    ['REVERSED', () => afterTransitions(compensatedPayment(), 'lateCaptured', 'reversed')],
  ])(
    'compares a payment in %s with the gateway and does not change its status',
    async (status, made) => {
      const payment = made();
      const { world, askSince } = createInquiryHarness(payment);

      expect(await askSince(now)).toMatchObject({ outcome: `${status}, consistent` });

      expect(world.compared).toEqual([status]);
      expect(world.stored).toEqual({ ...payment, lastImmediateInquiryAt: now.toISOString() });
    },
  );

  it('compares at most every ten seconds for any number of requests', async () => {
    const { world, askSince } = createInquiryHarness(
      afterTransitions(anUnknownPayment(), 'captured'),
    );

    await askSince(now, 'first');
    await expect(askSince(now, 'second')).rejects.toBeInstanceOf(DeferredError);

    expect(world.compared).toEqual(['COMPLETED']);
  });

  it('answers earlier requests by one comparison', async () => {
    const payment = {
      ...afterTransitions(anUnknownPayment(), 'captured'),
      lastInquiredAt: now.toISOString(),
    };
    const { world, askSince } = createInquiryHarness(payment);

    expect(await askSince(later(inFlightWindowMs - 1))).toMatchObject({ outcome: 'duplicate' });

    expect(world.compared).toEqual([]);
  });
});

describe('scheduled comparison of a completed payment', () => {
  const hinted = (change: Partial<Payment> = {}): Payment => ({
    ...afterTransitions(anUnknownPayment(), 'captured'),
    hintedAt: later(2_000).toISOString(),
    ...change,
  });

  it('compares when the sweeper requests the inquiry', async () => {
    const { world, inquire } = createInquiryHarness(hinted());

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED, consistent' });

    expect(world.compared).toEqual(['COMPLETED']);
    expect(world.asked).toEqual([]);
  });

  it('ends the message without an answer and leaves it to the sweeper', async () => {
    const { world, inquire } = createInquiryHarness(hinted());
    world.compares = () => Promise.reject(new GatewayNoResponseError('comparison: timeout'));

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED, comparison: timeout' });
  });

  it.each<[string, Partial<Payment>]>([
    ['was compared since', { lastInquiredAt: later(2_001).toISOString() }],
    ['has a pending refund', { refundPending: 1 }],
    ['has an amount of 0', { amount: 0 }],
  ])('does not compare for a late message if it %s', async (_what, change) => {
    const { world, inquire } = createInquiryHarness(hinted(change));

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED' });

    expect(world.compared).toEqual([]);
  });
});

describe('immediate inquiry about a declined charge', () => {
  it('inquires after the compensation and refunds a late capture once', async () => {
    const { world, askSince, inquire } = createInquiryHarness(declinedPayment(), {
      inquiries: [approved],
    });

    await expect(askSince(now)).rejects.toMatchObject({ delayMs: redeliveryBackoffMs[0] });
    expect(world.asked).toEqual([]);
    world.stored = finishCompensation(world.stored, [], now);
    expect(await askSince(now)).toMatchObject({ outcome: 'LATE_CAPTURED' });
    expect(await inquire()).toMatchObject({ outcome: 'REVERSED' });

    expect(world.refundKeys).toEqual([`rfd:${world.stored.paymentId}-late`]);
  });

  it.each([declined, notFound])(
    'keeps a payment that is still $outcome and stores the evidence',
    async (outcome) => {
      const rested = compensatedPayment();
      const { world, askSince } = createInquiryHarness(rested, { inquiries: [outcome] });

      expect(await askSince(now)).toMatchObject({ outcome: 'COMPENSATED' });

      expect(historyOf(world.stored)).toEqual(historyOf(rested));
      expect(world.noted).toMatchObject([
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
    const { world, askSince } = createInquiryHarness(compensatedPayment(), { inquiries: silence });

    await expect(askSince(now)).rejects.toMatchObject({ delayMs: redeliveryBackoffMs[0] });
    world.now = later(inFlightWindowMs + 3_000);
    await expect(askSince(now)).rejects.toMatchObject({
      delayMs: immediateInquiryIntervalMs - 3_000,
    });
    world.now = later(inFlightWindowMs + 3_600_000);
    await expect(askSince(now)).rejects.toMatchObject({ delayMs: redeliveryBackoffMs.at(-1) });
    world.now = later(inFlightWindowMs + gatewayIdempotencyTtlMs + 1);
    await expect(askSince(now)).rejects.not.toBeInstanceOf(DeferredError);

    expect(world.stored.status).toBe('COMPENSATED');
  });

  it('keeps its scheduled late capture checks', async () => {
    const lateCaptureCheck = { count: 1, nextAt: later(3_600_000).toISOString() };
    const scheduled = finishCompensation(
      { ...declinedPayment(), lateCaptureCheck: lateCaptureCheck },
      [],
      later(2_000),
    );
    const { world, askSince } = createInquiryHarness(scheduled, { inquiries: [ambiguous] });

    expect(await askSince(now)).toMatchObject({ outcome: 'COMPENSATED' });

    expect(historyOf(world.stored)).toEqual(historyOf(scheduled));
    expect(scheduled).toMatchObject({ lateCaptureCheck, dueAt: lateCaptureCheck.nextAt });
  });
});

it.each<[string, Payment, InquiryOutcome]>([
  ['under review', reviewedPayment('pg-mismatch'), declined],
  ['compensated', compensatedPayment(), declined],
])('inquires once per request about a payment that stays %s', async (_, payment, outcome) => {
  const { world, askSince } = createInquiryHarness(payment, { inquiries: [outcome, outcome] });

  await askSince(now, 'first');
  world.now = later(inFlightWindowMs + immediateInquiryIntervalMs);
  expect(await askSince(later(inFlightWindowMs - 1), 'first')).toMatchObject({ replayed: true });
  await askSince(world.now, 'second');

  expect(world.asked).toEqual(['inquire', 'inquire']);
  expect(world.noted).toMatchObject([{ occurrences: 2 }]);
});

describe('immediate inquiry about a payment under review', () => {
  it.each<[string, InquiryOutcome[], string]>([
    ['captured it', [approved], 'COMPLETED'],
    ['declined it', [declined], 'FAILED'],
    ['never charged it', [notFound, notFound], 'FAILED'],
  ])('decides an unknown outcome if the gateway %s', async (_, inquiries, status) => {
    const { world, askSince } = createInquiryHarness(reviewedPayment('outcome-unknown'), {
      inquiries,
    });

    expect(await askSince(now)).toMatchObject({ outcome: status });

    expect(world.stored.status).toBe(status);
  });

  it('completes a payment whose ledger mismatch is gone', async () => {
    const { world, askSince } = createInquiryHarness(reviewedPayment('ledger-mismatch'), {
      inquiries: [approved],
    });

    expect(await askSince(now)).toMatchObject({ outcome: 'COMPLETED' });

    expect(world.noted).toEqual([]);
  });

  it('stays under review while the ledger mismatch remains', async () => {
    const payment = reviewedPayment('ledger-mismatch');
    const { world, askSince } = createInquiryHarness(payment, { inquiries: [approved] });
    world.settles = 'ledger-mismatch';

    expect(await askSince(now)).toMatchObject({ outcome: 'IN_REVIEW' });

    expect(historyOf(world.stored)).toEqual(historyOf(payment));
    expect(world.noted).toMatchObject([{ detail: expect.stringContaining('ledger mismatch') }]);
  });

  it.each<[string, Payment, InquiryOutcome]>([
    ['captured another amount', reviewedPayment('outcome-unknown'), mismatch],
    ['declined one whose code is an object property', reviewedPayment('constructor'), declined],
    ['declined one with a ledger mismatch', reviewedPayment('ledger-mismatch'), declined],
    ['captured one charge as requested and another one', reviewedPayment('pg-mismatch'), approved],
    [
      'captured one that is partly compensated',
      reviewedPayment('outcome-unknown', declinedPayment()),
      approved,
    ],
    [
      'captured one that may have been refunded',
      reviewedPayment('outcome-unknown', afterTransitions(compensatedPayment(), 'lateCaptured')),
      approved,
    ],
  ])(
    'stays under review with the evidence that the gateway %s',
    async (_case, payment, outcome) => {
      const { world, askSince } = createInquiryHarness(payment, { inquiries: [outcome] });

      expect(await askSince(now)).toMatchObject({ outcome: 'IN_REVIEW' });

      expect(historyOf(world.stored)).toEqual(historyOf(payment));
      expect(world.noted).toMatchObject([
        { detail: expect.stringMatching(/^inquired under review: /) },
      ]);
    },
  );

  it.each([inProgress, ambiguous, { outcome: 'not-sent', reason: 'refused' } as const])(
    'retries by the same message without an answer ($outcome)',
    async (outcome) => {
      const { world, askSince } = createInquiryHarness(
        reviewedPayment('outcome-unknown', declinedPayment()),
        {
          inquiries: [outcome, approved],
        },
      );

      await expect(askSince(now)).rejects.toMatchObject({ delayMs: redeliveryBackoffMs[0] });
      world.now = later(inFlightWindowMs + immediateInquiryIntervalMs);
      expect(await askSince(now)).toMatchObject({ outcome: 'IN_REVIEW' });

      expect(world.stored.hintedAt).toBe(world.now.toISOString());
    },
  );

  it.each<[string, (payment: Payment) => Payment]>([
    ['without an operator', (payment) => finishCompensation(payment, [], later(20_000))],
    [
      'by an operator',
      (payment) => finishCompensation(afterTransitions(payment, 'declined'), [], later(20_000)),
    ],
  ])('refunds a seen capture once when its compensation has ended %s', async (_how, ended) => {
    const { world, askSince, inquire } = createInquiryHarness(
      reviewedPayment('no', declinedPayment()),
      {
        inquiries: [approved, approved],
      },
    );
    expect(await askSince(now, '1', 'webhook')).toMatchObject({ outcome: 'IN_REVIEW' });

    world.stored = ended(world.stored);
    expect(world.stored).toMatchObject({ status: 'COMPENSATED', dueAt: expect.any(String) });
    world.now = later(21_000);
    await expect(inquire()).rejects.toMatchObject({ delayMs: 0 });
    expect(world.stored.status).toBe('LATE_CAPTURED');
    expect(await inquire()).toMatchObject({ outcome: 'REVERSED' });

    expect(world.refundKeys).toEqual([`rfd:${world.stored.paymentId}-late`]);
  });

  it('makes a payment due whose capture is seen when its compensation ends', async () => {
    const { world, askSince } = createInquiryHarness(reviewedPayment('no', declinedPayment()), {
      inquiries: [approved],
    });
    const ended = finishCompensation(world.stored, [], later(20_000));
    world.whileAsking = () => {
      world.stored = ended;
    };

    await askSince(now);

    expect(world.stored).toMatchObject({ status: 'COMPENSATED', dueAt: now.toISOString() });
  });
});

describe('hint about a payment that is being charged', () => {
  it.each<[string, () => Payment]>([
    ['CHARGING', claimedPayment],
    [
      'RESERVED again, because nothing was sent',
      () => afterTransitions(claimedPayment(), 'chargeNotSent'),
    ],
    ['FAILED and being compensated', declinedPayment],
  ])('defers with a growing delay while it is %s, then stores the hint', async (_state, made) => {
    const { world, askSince } = createInquiryHarness(made());

    await expect(askSince(now, '1', 'webhook')).rejects.toMatchObject({
      name: 'DeferredError',
      delayMs: redeliveryBackoffMs[0],
    });
    world.now = later(inFlightWindowMs + 3_000);
    await expect(askSince(now)).rejects.toMatchObject({ delayMs: 1_500 });
    world.now = later(inFlightWindowMs + 2 * (redeliveryBackoffMs.at(-1) ?? 0) + 1);
    expect(await askSince(now)).toMatchObject({ outcome: 'deferred-to-sweeper' });

    expect(world.asked).toEqual([]);
    expect(world.stored.hintedAt).toBe(now.toISOString());
    expect(world.stored.version).toBe(made().version);
  });

  it('inquires once the payment is compensated and changes nothing without news', async () => {
    const { world, askSince, inquire } = createInquiryHarness(claimedPayment(), {
      inquiries: [declined],
    });
    world.now = later(inFlightWindowMs + 60_000);
    await askSince(now);
    const charged = afterTransitions(world.stored, 'declined');

    world.stored = finishCompensation(charged, [], world.now);
    expect(world.stored).toMatchObject({ status: 'COMPENSATED', dueAt: world.now.toISOString() });
    const { version } = world.stored;
    expect(await inquire()).toMatchObject({ outcome: 'COMPENSATED' });

    expect(world.asked).toEqual(['inquire']);
    expect(world.stored).toMatchObject({ status: 'COMPENSATED', version });
    expect(world.stored).not.toHaveProperty('dueAt');
  });

  it('retries until the gateway answers, without a longer history', async () => {
    const silence = Array.from({ length: 30 }, () => ambiguous);
    const { world, askSince, inquire } = createInquiryHarness(claimedPayment(), {
      inquiries: [...silence, approved],
    });
    world.now = later(inFlightWindowMs + 60_000);
    await askSince(now);
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
    const { world, askSince } = createInquiryHarness(
      afterTransitions(claimedPayment(), 'captured'),
    );

    expect(await askSince(now)).toMatchObject({ outcome: 'COMPLETED, consistent' });

    expect(world.stored).not.toHaveProperty('hintedAt');
  });
});
