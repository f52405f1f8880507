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

describe('the PG is asked at once', () => {
  it('about an unknown outcome whose next inquiry is an hour away', async () => {
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
  ])(
    'and where that is %s, moves nothing and takes no inquiry that is due',
    async (_case, outcome) => {
      const payment = inquiryRequestedPayment();
      const { world, askSince } = createInquiryHarness(payment, { inquiries: [outcome] });

      expect(await askSince(now)).toMatchObject({ outcome: 'UNKNOWN' });

      expect(historyOf(world.stored)).toEqual(historyOf(payment));
      expect(world.stored).toMatchObject({ inquiryCount: 3, lastInquiredAt: now.toISOString() });
      expect(world.noted).toMatchObject([
        { detail: expect.stringMatching(/^immediate inquiry: /) },
      ]);
    },
  );

  it('by as many as like, until one was answered that came after them all', async () => {
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

  it('once in ten seconds, whoever asks and however often, and no wish is lost by that', async () => {
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

  it('by one of two messages that read it at the same time', async () => {
    const { world, askSince } = createInquiryHarness(inquiryRequestedPayment(), {
      inquiries: [inProgress],
    });

    const answers = await Promise.allSettled([askSince(now, 'first'), askSince(now, 'second')]);

    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(world.asked).toHaveLength(1);
  });

  it('again by the message whose function died after it had taken its turn', async () => {
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
  ])('about nothing that is %s', async (_case, made) => {
    const payment = made();
    const { world, askSince } = createInquiryHarness(payment, { inquiries: [approved] });

    expect(await askSince(now)).toMatchObject({ outcome: payment.status });

    expect(historyOf(world.stored)).toEqual(historyOf(payment));
    expect(world.asked).toEqual([]);
  });
});

describe('a capture that was refunded at the gateway', () => {
  it.each(['outcome-unknown', 'ledger-mismatch', 'refunded-at-gateway'])(
    'completes no payment that is under review as %s',
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
    'moves nothing where a person had decided that it failed: $outcome',
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

describe('a payment that has ended', () => {
  it.each<[string, () => Payment]>([
    ['COMPLETED', () => afterTransitions(anUnknownPayment(), 'captured')],
    ['REVERSED', () => afterTransitions(compensatedPayment(), 'lateCaptured', 'reversed')],
  ])('as %s is compared with the gateway, and never moved', async (status, made) => {
    const payment = made();
    const { world, askSince } = createInquiryHarness(payment);

    expect(await askSince(now)).toMatchObject({ outcome: `${status}, consistent` });

    expect(world.compared).toEqual([status]);
    expect(world.stored).toEqual({ ...payment, lastImmediateInquiryAt: now.toISOString() });
  });

  it('is compared once in ten seconds at most, however many ask', async () => {
    const { world, askSince } = createInquiryHarness(
      afterTransitions(anUnknownPayment(), 'captured'),
    );

    await askSince(now, 'first');
    await expect(askSince(now, 'second')).rejects.toBeInstanceOf(DeferredError);

    expect(world.compared).toEqual(['COMPLETED']);
  });

  it('is compared once for all who asked before that', async () => {
    const payment = {
      ...afterTransitions(anUnknownPayment(), 'captured'),
      lastInquiredAt: now.toISOString(),
    };
    const { world, askSince } = createInquiryHarness(payment);

    expect(await askSince(later(inFlightWindowMs - 1))).toMatchObject({ outcome: 'duplicate' });

    expect(world.compared).toEqual([]);
  });
});

describe('a completed payment that is to be compared again', () => {
  const hinted = (change: Partial<Payment> = {}): Payment => ({
    ...afterTransitions(anUnknownPayment(), 'captured'),
    hintedAt: later(2_000).toISOString(),
    ...change,
  });

  it('is compared when the sweeper has the PG asked', async () => {
    const { world, inquire } = createInquiryHarness(hinted());

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED, consistent' });

    expect(world.compared).toEqual(['COMPLETED']);
    expect(world.asked).toEqual([]);
  });

  it('ends the message without an answer: the sweeper has it compared again', async () => {
    const { world, inquire } = createInquiryHarness(hinted());
    world.compares = () => Promise.reject(new GatewayNoResponseError('comparison: timeout'));

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED, comparison: timeout' });
  });

  it.each<[string, Partial<Payment>]>([
    ['was compared since', { lastInquiredAt: later(2_001).toISOString() }],
    ['has a refund under way', { refundPending: 1 }],
    ['costs nothing', { amount: 0 }],
  ])('is not compared by a late message where it %s', async (_what, change) => {
    const { world, inquire } = createInquiryHarness(hinted(change));

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED' });

    expect(world.compared).toEqual([]);
  });
});

describe('a charge that the PG has declined', () => {
  it('is asked about when its compensation has ended, and what was captured after all is refunded once', async () => {
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
    'and that is still $outcome, stays as it is, with what was said beside it',
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

  it('is asked about until there is an answer, ever less often, and for a day at most', async () => {
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

  it('keeps the late checks that it is due for', async () => {
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
])(
  'asks about what stays %s for each who wants it, and once for each',
  async (_, payment, outcome) => {
    const { world, askSince } = createInquiryHarness(payment, { inquiries: [outcome, outcome] });

    await askSince(now, 'first');
    world.now = later(inFlightWindowMs + immediateInquiryIntervalMs);
    expect(await askSince(later(inFlightWindowMs - 1), 'first')).toMatchObject({ replayed: true });
    await askSince(world.now, 'second');

    expect(world.asked).toEqual(['inquire', 'inquire']);
    expect(world.noted).toMatchObject([{ occurrences: 2 }]);
  },
);

describe('a payment under review', () => {
  it.each<[string, InquiryOutcome[], string]>([
    ['did capture it', [approved], 'COMPLETED'],
    ['refused it', [declined], 'FAILED'],
    ['never charged it', [notFound, notFound], 'FAILED'],
  ])(
    'because nobody knew is settled once the PG knows that it %s',
    async (_, inquiries, status) => {
      const { world, askSince } = createInquiryHarness(reviewedPayment('outcome-unknown'), {
        inquiries,
      });

      expect(await askSince(now)).toMatchObject({ outcome: status });

      expect(world.stored.status).toBe(status);
    },
  );

  it('is completed where the books can take by now what was captured', async () => {
    const { world, askSince } = createInquiryHarness(reviewedPayment('ledger-mismatch'), {
      inquiries: [approved],
    });

    expect(await askSince(now)).toMatchObject({ outcome: 'COMPLETED' });

    expect(world.noted).toEqual([]);
  });

  it('stays with its person where they cannot', async () => {
    const payment = reviewedPayment('ledger-mismatch');
    const { world, askSince } = createInquiryHarness(payment, { inquiries: [approved] });
    world.settles = 'ledger-mismatch';

    expect(await askSince(now)).toMatchObject({ outcome: 'IN_REVIEW' });

    expect(historyOf(world.stored)).toEqual(historyOf(payment));
    expect(world.noted).toMatchObject([{ detail: expect.stringContaining('ledger mismatch') }]);
  });

  it.each<[string, Payment, InquiryOutcome]>([
    ['captured something else', reviewedPayment('outcome-unknown'), mismatch],
    [
      'refused what failed with a code that every object has',
      reviewedPayment('constructor'),
      declined,
    ],
    ['refused what our books could not take', reviewedPayment('ledger-mismatch'), declined],
    ['captured one charge as it was asked, and another', reviewedPayment('pg-mismatch'), approved],
    [
      'captured what is half undone',
      reviewedPayment('outcome-unknown', declinedPayment()),
      approved,
    ],
    [
      'has what it may have refunded',
      reviewedPayment('outcome-unknown', afterTransitions(compensatedPayment(), 'lateCaptured')),
      approved,
    ],
  ])('stays with its person, who is told that the PG %s', async (_case, payment, outcome) => {
    const { world, askSince } = createInquiryHarness(payment, { inquiries: [outcome] });

    expect(await askSince(now)).toMatchObject({ outcome: 'IN_REVIEW' });

    expect(historyOf(world.stored)).toEqual(historyOf(payment));
    expect(world.noted).toMatchObject([
      { detail: expect.stringMatching(/^inquired under review: /) },
    ]);
  });

  it.each([inProgress, ambiguous, { outcome: 'not-sent', reason: 'refused' } as const])(
    'of which the PG says nothing ($outcome) is asked about again by the same message',
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
    ['by itself', (payment) => finishCompensation(payment, [], later(20_000))],
    [
      'by a person',
      (payment) => finishCompensation(afterTransitions(payment, 'declined'), [], later(20_000)),
    ],
  ])(
    'over half an undoing, whose capture was seen, is refunded once when it has ended %s',
    async (_how, ended) => {
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
    },
  );

  it('over half an undoing, whose capture is seen just when it ends, is due all the same', async () => {
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

describe('a hint about a payment that its charger is at work on', () => {
  it.each<[string, () => Payment]>([
    ['CHARGING', claimedPayment],
    [
      'RESERVED again, for the PG took nothing',
      () => afterTransitions(claimedPayment(), 'chargeNotSent'),
    ],
    ['FAILED, and being compensated', declinedPayment],
  ])('waits while that is %s, ever longer, and is then kept with it', async (_state, made) => {
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

  it('is followed once the payment is compensated, and moves nothing where there is no news', async () => {
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

  it('is followed until the PG has answered, without a longer journal', async () => {
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

  it('has it compared with the gateway once it is completed, and is not kept', async () => {
    const { world, askSince } = createInquiryHarness(
      afterTransitions(claimedPayment(), 'captured'),
    );

    expect(await askSince(now)).toMatchObject({ outcome: 'COMPLETED, consistent' });

    expect(world.stored).not.toHaveProperty('hintedAt');
  });
});
