import { describe, expect, it } from 'vitest';
import { finishCompensation } from '../../../shared/domain/compensation.ts';
import type { Payment } from '../../../shared/domain/payment.ts';
import { timings } from '../../../shared/domain/timings.ts';
import { advance } from '../../../shared/domain/transitions.ts';
import type { InquiryOutcome } from '../../../shared/pg/port.ts';
import { Postponed } from '../../../shared/runtime/queue-handler.ts';
import { anOrder, aPayment, noon } from '../../support/builders.ts';
import { movedBy } from '../../support/payment-history.ts';
import { anInquirer, approved, inProgress, later, notFound, unknown } from './bench.ts';

const { inFlightWindowMs, redeliverAfterMs, keyLifetimeMs } = timings.local;
const now = later(inFlightWindowMs);
const declined = { outcome: 'declined', code: 'insufficient_funds', reason: 'no funds' } as const;
const ambiguous = { outcome: 'ambiguous', reason: 'timeout' } as const;
const mismatch = { outcome: 'mismatch', transactionId: 'tx', differences: ['amount'] } as const;

/** Unknown, and to be asked about in an hour. */
const waiting = (given: Partial<Payment> = {}): Payment => ({
  ...unknown(),
  inquiries: 3,
  dueAt: later(3_600_000).toISOString(),
  ...given,
});

const claimed = () =>
  advance(aPayment(), 'claimed', { at: noon, by: 'test', change: { attempt: 1 } });
const refused = () =>
  advance(claimed(), 'declined', {
    at: later(1_000),
    by: 'test',
    change: { failure: { code: 'insufficient_funds', reason: 'no funds' } },
  });
const undone = () => finishCompensation(refused(), [], later(2_000));

/** Under review since noon, because of this. */
const reviewed = (code: string, before: Payment = unknown()): Payment =>
  advance(before, 'reviewOpened', {
    at: later(3_000),
    by: 'test',
    change: { failure: { code, reason: 'nobody knows' } },
  });

describe('the PG is asked at once', () => {
  it('about an unknown outcome whose next inquiry is an hour away', async () => {
    const { world, askSince } = anInquirer(waiting(), { inquiries: [approved] });

    expect(await askSince(now, '1', 'webhook')).toMatchObject({ outcome: 'COMPLETED' });

    expect(world.stored).toMatchObject({ status: 'COMPLETED', pg: { transactionId: 'tx' } });
    expect(world.stored.history.at(-1)).toMatchObject({
      wish: { by: 'webhook', at: now.toISOString() },
      asked: [{ operation: 'inquire', outcome: 'approved' }],
    });
  });

  it.each<[string, InquiryOutcome]>([
    ['in progress', inProgress],
    ['ambiguous', ambiguous],
    ['not sent', { outcome: 'not-sent', reason: 'refused' }],
  ])('and where that is %s, takes no inquiry that is due', async (_case, outcome) => {
    const payment = waiting();
    const { world, askSince } = anInquirer(payment, { inquiries: [outcome] });

    expect(await askSince(now)).toMatchObject({ outcome: 'UNKNOWN' });

    expect(world.stored).toMatchObject({
      status: 'UNKNOWN',
      inquiries: 3,
      dueAt: payment.dueAt,
      inquiredAt: now.toISOString(),
    });
    expect(world.stored.history.at(-1)?.detail).toMatch(/^asked at once: /);
  });

  it('by as many as like, until one was answered that came after them all', async () => {
    const { world, askSince } = anInquirer(waiting(), { inquiries: [inProgress, approved] });

    await askSince(later(inFlightWindowMs - 2), 'first');
    expect(await askSince(later(inFlightWindowMs - 1), 'second')).toMatchObject({
      outcome: 'asked before',
    });
    expect(world.asked).toEqual(['inquire']);

    world.now = later(inFlightWindowMs + 2);
    expect(await askSince(later(inFlightWindowMs + 1), 'third')).toMatchObject({
      outcome: 'COMPLETED',
    });
  });

  it('again where the answer of another message may be older than the wish', async () => {
    const { world, made, askSince } = anInquirer(waiting(), { inquiries: [inProgress, approved] });
    const asRead = world.stored;
    await askSince(now, 'first');
    expect(made.size).toBe(1);
    const written = world.stored;
    world.stored = asRead;

    await expect(askSince(later(inFlightWindowMs + 1), 'second')).rejects.toMatchObject({
      name: 'Postponed',
      afterMs: redeliverAfterMs[0],
    });

    world.stored = written;
    expect(await askSince(later(inFlightWindowMs + 1), 'second')).toMatchObject({
      outcome: 'COMPLETED',
    });
  });

  it.each<[string, () => Payment]>([
    ['RESERVED', () => aPayment()],
    ['CHARGING', claimed],
    ['COMPLETED', () => movedBy(unknown(), 'captured')],
    ['LATE_CAPTURED', () => movedBy(undone(), 'lateCaptured')],
    ['REVERSED', () => movedBy(undone(), 'lateCaptured', 'reversed')],
    ['FAILED before any claim', () => movedBy(aPayment(), 'released')],
    ['free of charge', () => unknown({ order: anOrder({ discount: 5_000 }) })],
  ])('about nothing that is %s', async (_case, made) => {
    const payment = made();
    const { world, askSince } = anInquirer(payment, { inquiries: [approved] });

    expect(await askSince(now)).toMatchObject({ outcome: payment.status });

    expect(world.stored).toBe(payment);
    expect(world.asked).toEqual([]);
  });
});

describe('a capture that was refunded at the gateway', () => {
  it.each(['outcome-unknown', 'books-disagree', 'refunded-at-gateway'])(
    'completes no payment that is under review as %s',
    async (code) => {
      const payment = reviewed(code);
      const { world, askSince } = anInquirer(payment, {
        inquiries: [{ ...approved, captured: 5_000, refunded: 1_000 }],
      });

      await askSince(now);

      expect(world.stored).toBe(payment);
      expect(world.noted).toMatchObject([
        { detail: expect.stringContaining('captured 5000, refunded 1000 at the gateway') },
      ]);
    },
  );

  it.each([approved, mismatch])(
    'moves nothing where a person had decided that it failed: $outcome',
    async (found) => {
      const failed = advance(reviewed('refunded-at-gateway'), 'declined', {
        at: later(4_000),
        by: 'test',
        change: { failure: { code: 'not-paid', reason: 'It was not paid.' } },
      });
      const payment = finishCompensation(failed, [], later(5_000));
      const { world, askSince } = anInquirer(payment, {
        inquiries: [{ ...found, captured: 5_000, refunded: 5_000 }],
      });

      await askSince(now);

      expect(world.stored).toBe(payment);
      expect(world.noted).toMatchObject([
        { detail: 'asked at once: captured 5000, refunded 5000 at the gateway' },
      ]);
    },
  );
});

describe('a charge that the PG has declined', () => {
  it('is asked about when its compensation has ended, and what was captured after all is refunded once', async () => {
    const { world, askSince, inquire } = anInquirer(refused(), { inquiries: [approved] });

    await expect(askSince(now)).rejects.toMatchObject({ afterMs: redeliverAfterMs[0] });
    expect(world.asked).toEqual([]);
    world.stored = finishCompensation(world.stored, [], now);
    expect(await askSince(now)).toMatchObject({ outcome: 'LATE_CAPTURED' });
    expect(await inquire()).toMatchObject({ outcome: 'REVERSED' });

    expect(world.refundKeys).toEqual([`rfd:${world.stored.paymentId}-late`]);
  });

  it.each([declined, notFound])(
    'and that is still $outcome, stays as it is, with what was said beside it',
    async (outcome) => {
      const rested = undone();
      const { world, askSince } = anInquirer(rested, { inquiries: [outcome] });

      expect(await askSince(now)).toMatchObject({ outcome: 'COMPENSATED' });

      expect(world.stored).toBe(rested);
      expect(world.noted).toMatchObject([
        {
          detail: `asked at once: ${outcome.outcome}`,
          asked: [{ operation: 'inquire', outcome: outcome.outcome }],
          wish: { by: 'operator', at: now.toISOString() },
        },
      ]);
    },
  );

  it('is asked about until there is an answer, ever less often, and for a day at most', async () => {
    const silence = Array.from({ length: 4 }, () => ambiguous);
    const { world, askSince } = anInquirer(undone(), { inquiries: silence });

    await expect(askSince(now)).rejects.toMatchObject({ afterMs: redeliverAfterMs[0] });
    world.now = later(inFlightWindowMs + 3_000);
    await expect(askSince(now)).rejects.toMatchObject({ afterMs: 1_500 });
    world.now = later(inFlightWindowMs + 3_600_000);
    await expect(askSince(now)).rejects.toMatchObject({ afterMs: redeliverAfterMs.at(-1) });
    world.now = later(inFlightWindowMs + keyLifetimeMs + 1);
    await expect(askSince(now)).rejects.not.toBeInstanceOf(Postponed);

    expect(world.stored.status).toBe('COMPENSATED');
  });

  it('keeps the late checks that it is due for', async () => {
    const lateCheck = { made: 1, dueAt: later(3_600_000).toISOString() };
    const scheduled = finishCompensation({ ...refused(), lateCheck }, [], later(2_000));
    const { world, askSince } = anInquirer(scheduled, { inquiries: [ambiguous] });

    expect(await askSince(now)).toMatchObject({ outcome: 'COMPENSATED' });

    expect(world.stored).toBe(scheduled);
    expect(scheduled).toMatchObject({ lateCheck, dueAt: lateCheck.dueAt });
  });
});

it.each<[string, Payment, InquiryOutcome]>([
  ['under review', reviewed('outcome-unknown'), inProgress],
  ['compensated', undone(), declined],
])(
  'asks about what stays %s for each who wants it, and once for each',
  async (_, payment, outcome) => {
    const { world, askSince } = anInquirer(payment, { inquiries: [outcome, outcome] });

    await askSince(now, 'first');
    expect(await askSince(now, 'first')).toMatchObject({ replayed: true });
    await askSince(now, 'second');

    expect(world.asked).toEqual(['inquire', 'inquire']);
    expect(world.noted).toHaveLength(2);
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
      const { world, askSince } = anInquirer(reviewed('outcome-unknown'), { inquiries });

      expect(await askSince(now)).toMatchObject({ outcome: status });

      expect(world.stored.status).toBe(status);
    },
  );

  it('is completed where the books can take by now what was captured', async () => {
    const { world, askSince } = anInquirer(reviewed('books-disagree'), { inquiries: [approved] });

    expect(await askSince(now)).toMatchObject({ outcome: 'COMPLETED' });

    expect(world.noted).toEqual([]);
  });

  it('stays with its person where they cannot', async () => {
    const payment = reviewed('books-disagree');
    const { world, askSince } = anInquirer(payment, { inquiries: [approved] });
    world.settles = 'books-disagree';

    expect(await askSince(now)).toMatchObject({ outcome: 'IN_REVIEW' });

    expect(world.stored).toBe(payment);
    expect(world.noted).toMatchObject([
      { detail: expect.stringContaining('books cannot take it') },
    ]);
  });

  it.each<[string, Payment, InquiryOutcome]>([
    ['is in progress', reviewed('outcome-unknown'), inProgress],
    ['captured something else', reviewed('outcome-unknown'), mismatch],
    ['refused what our books could not take', reviewed('books-disagree'), declined],
    ['captured one charge as it was asked, and another', reviewed('pg-mismatch'), approved],
    ['captured what is half undone', reviewed('outcome-unknown', refused()), approved],
    [
      'has what it may have refunded',
      reviewed('outcome-unknown', movedBy(undone(), 'lateCaptured')),
      approved,
    ],
  ])('stays with its person, who is told that the PG %s', async (_case, payment, outcome) => {
    const { world, askSince } = anInquirer(payment, { inquiries: [outcome] });

    expect(await askSince(now)).toMatchObject({ outcome: 'IN_REVIEW' });

    expect(world.stored).toBe(payment);
    expect(world.noted).toMatchObject([{ detail: expect.stringMatching(/^asked again: /) }]);
  });
});
