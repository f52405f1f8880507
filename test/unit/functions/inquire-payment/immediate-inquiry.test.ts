import { describe, expect, it } from 'vitest';
import { Unanswered } from '../../../../functions/inquire-payment/errors.ts';
import { finishCompensation } from '../../../../shared/domain/compensation/compensation.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { advance } from '../../../../shared/domain/payments/payment-transitions.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import type { InquiryOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import { Postponed } from '../../../../shared/lambda/sqs-handler.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { movedBy } from '../../../support/builders/payment-history.ts';
import {
  anInquirer,
  approved,
  inProgress,
  journalOf,
  later,
  notFound,
  unknown,
} from './harness.ts';

const { inFlightWindowMs, redeliverAfterMs, keyLifetimeMs, extraInquiryEveryMs } = timings.local;
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
  ])(
    'and where that is %s, moves nothing and takes no inquiry that is due',
    async (_case, outcome) => {
      const payment = waiting();
      const { world, askSince } = anInquirer(payment, { inquiries: [outcome] });

      expect(await askSince(now)).toMatchObject({ outcome: 'UNKNOWN' });

      expect(journalOf(world.stored)).toEqual(journalOf(payment));
      expect(world.stored).toMatchObject({ inquiries: 3, inquiredAt: now.toISOString() });
      expect(world.noted).toMatchObject([{ detail: expect.stringMatching(/^asked at once: /) }]);
    },
  );

  it('by as many as like, until one was answered that came after them all', async () => {
    const { world, askSince } = anInquirer(waiting(), { inquiries: [inProgress, approved] });

    await askSince(later(inFlightWindowMs - 2), 'first');
    expect(await askSince(later(inFlightWindowMs - 1), 'second')).toMatchObject({
      outcome: 'asked before',
    });
    expect(world.asked).toEqual(['inquire']);

    world.now = later(inFlightWindowMs + extraInquiryEveryMs);
    expect(await askSince(later(inFlightWindowMs + 1), 'third')).toMatchObject({
      outcome: 'COMPLETED',
    });
  });

  it('once in ten seconds, whoever asks and however often, and no wish is lost by that', async () => {
    const { world, askSince } = anInquirer(waiting(), { inquiries: [inProgress, approved] });
    await askSince(now, 'first', 'webhook');

    for (const name of ['second', 'third']) {
      world.now = later(inFlightWindowMs + 1_000);
      await expect(askSince(world.now, name)).rejects.toMatchObject({
        name: 'Postponed',
        afterMs: extraInquiryEveryMs - 1_000,
      });
    }
    expect(world.asked).toHaveLength(1);

    world.now = later(inFlightWindowMs + extraInquiryEveryMs);
    expect(await askSince(later(inFlightWindowMs + 1_000), 'second')).toMatchObject({
      outcome: 'COMPLETED',
    });
    expect(world.asked).toHaveLength(2);
  });

  it('by one of two messages that read it at the same time', async () => {
    const { world, askSince } = anInquirer(waiting(), { inquiries: [inProgress] });

    const answers = await Promise.allSettled([askSince(now, 'first'), askSince(now, 'second')]);

    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(world.asked).toHaveLength(1);
  });

  it('again by the message whose function died after it had taken its turn', async () => {
    const { world, askSince } = anInquirer(
      {
        ...waiting(),
        extraInquiryAt: later(inFlightWindowMs - extraInquiryEveryMs).toISOString(),
      },
      { inquiries: [approved] },
    );

    expect(await askSince(later(inFlightWindowMs - extraInquiryEveryMs))).toMatchObject({
      outcome: 'COMPLETED',
    });
    expect(world.asked).toHaveLength(1);
  });

  it.each<[string, () => Payment]>([
    ['RESERVED', () => aPayment()],
    ['LATE_CAPTURED', () => movedBy(undone(), 'lateCaptured')],
    ['FAILED before any claim', () => movedBy(aPayment(), 'released')],
    ['free of charge', () => unknown({ order: anOrder({ discount: 5_000 }) })],
  ])('about nothing that is %s', async (_case, made) => {
    const payment = made();
    const { world, askSince } = anInquirer(payment, { inquiries: [approved] });

    expect(await askSince(now)).toMatchObject({ outcome: payment.status });

    expect(journalOf(world.stored)).toEqual(journalOf(payment));
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

      expect(journalOf(world.stored)).toEqual(journalOf(payment));
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

      expect(journalOf(world.stored)).toEqual(journalOf(payment));
      expect(world.noted).toMatchObject([
        { detail: 'asked at once: captured 5000, refunded 5000 at the gateway' },
      ]);
    },
  );
});

describe('a payment that has ended', () => {
  it.each<[string, () => Payment]>([
    ['COMPLETED', () => movedBy(unknown(), 'captured')],
    ['REVERSED', () => movedBy(undone(), 'lateCaptured', 'reversed')],
  ])('as %s is compared with the gateway, and never moved', async (status, made) => {
    const payment = made();
    const { world, askSince } = anInquirer(payment);

    expect(await askSince(now)).toMatchObject({ outcome: `${status}, agrees` });

    expect(world.compared).toEqual([status]);
    expect(world.stored).toEqual({ ...payment, extraInquiryAt: now.toISOString() });
  });

  it('is compared once in ten seconds at most, however many ask', async () => {
    const { world, askSince } = anInquirer(movedBy(unknown(), 'captured'));

    await askSince(now, 'first');
    await expect(askSince(now, 'second')).rejects.toBeInstanceOf(Postponed);

    expect(world.compared).toEqual(['COMPLETED']);
  });

  it('is compared once for all who asked before that', async () => {
    const payment = { ...movedBy(unknown(), 'captured'), inquiredAt: now.toISOString() };
    const { world, askSince } = anInquirer(payment);

    expect(await askSince(later(inFlightWindowMs - 1))).toMatchObject({ outcome: 'asked before' });

    expect(world.compared).toEqual([]);
  });
});

describe('a completed payment that is to be compared again', () => {
  const hinted = (change: Partial<Payment> = {}): Payment => ({
    ...movedBy(unknown(), 'captured'),
    hintedAt: later(2_000).toISOString(),
    ...change,
  });

  it('is compared when the sweeper has the PG asked', async () => {
    const { world, inquire } = anInquirer(hinted());

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED, agrees' });

    expect(world.compared).toEqual(['COMPLETED']);
    expect(world.asked).toEqual([]);
  });

  it('ends the message without an answer: the sweeper has it compared again', async () => {
    const { world, inquire } = anInquirer(hinted());
    world.compares = () => Promise.reject(new Unanswered('compared: timeout'));

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED, compared: timeout' });
  });

  it.each<[string, Partial<Payment>]>([
    ['was compared since', { inquiredAt: later(2_001).toISOString() }],
    ['has a refund under way', { refundPending: 1 }],
    ['costs nothing', { amount: 0 }],
  ])('is not compared by a late message where it %s', async (_what, change) => {
    const { world, inquire } = anInquirer(hinted(change));

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED' });

    expect(world.compared).toEqual([]);
  });
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

      expect(journalOf(world.stored)).toEqual(journalOf(rested));
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
    await expect(askSince(now)).rejects.toMatchObject({ afterMs: extraInquiryEveryMs - 3_000 });
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

    expect(journalOf(world.stored)).toEqual(journalOf(scheduled));
    expect(scheduled).toMatchObject({ lateCheck, dueAt: lateCheck.dueAt });
  });
});

it.each<[string, Payment, InquiryOutcome]>([
  ['under review', reviewed('pg-mismatch'), declined],
  ['compensated', undone(), declined],
])(
  'asks about what stays %s for each who wants it, and once for each',
  async (_, payment, outcome) => {
    const { world, askSince } = anInquirer(payment, { inquiries: [outcome, outcome] });

    await askSince(now, 'first');
    world.now = later(inFlightWindowMs + extraInquiryEveryMs);
    expect(await askSince(later(inFlightWindowMs - 1), 'first')).toMatchObject({ replayed: true });
    await askSince(world.now, 'second');

    expect(world.asked).toEqual(['inquire', 'inquire']);
    expect(world.noted).toMatchObject([{ times: 2 }]);
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

    expect(journalOf(world.stored)).toEqual(journalOf(payment));
    expect(world.noted).toMatchObject([
      { detail: expect.stringContaining('books cannot take it') },
    ]);
  });

  it.each<[string, Payment, InquiryOutcome]>([
    ['captured something else', reviewed('outcome-unknown'), mismatch],
    ['refused what failed with a code that every object has', reviewed('constructor'), declined],
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

    expect(journalOf(world.stored)).toEqual(journalOf(payment));
    expect(world.noted).toMatchObject([{ detail: expect.stringMatching(/^asked again: /) }]);
  });

  it.each([inProgress, ambiguous, { outcome: 'not-sent', reason: 'refused' } as const])(
    'of which the PG says nothing ($outcome) is asked about again by the same message',
    async (outcome) => {
      const { world, askSince } = anInquirer(reviewed('outcome-unknown', refused()), {
        inquiries: [outcome, approved],
      });

      await expect(askSince(now)).rejects.toMatchObject({ afterMs: redeliverAfterMs[0] });
      world.now = later(inFlightWindowMs + extraInquiryEveryMs);
      expect(await askSince(now)).toMatchObject({ outcome: 'IN_REVIEW' });

      expect(world.stored.hintedAt).toBe(world.now.toISOString());
    },
  );

  it.each<[string, (payment: Payment) => Payment]>([
    ['by itself', (payment) => finishCompensation(payment, [], later(20_000))],
    [
      'by a person',
      (payment) => finishCompensation(movedBy(payment, 'declined'), [], later(20_000)),
    ],
  ])(
    'over half an undoing, whose capture was seen, is refunded once when it has ended %s',
    async (_how, ended) => {
      const { world, askSince, inquire } = anInquirer(reviewed('no', refused()), {
        inquiries: [approved, approved],
      });
      expect(await askSince(now, '1', 'webhook')).toMatchObject({ outcome: 'IN_REVIEW' });

      world.stored = ended(world.stored);
      expect(world.stored).toMatchObject({ status: 'COMPENSATED', dueAt: expect.any(String) });
      world.now = later(21_000);
      await expect(inquire()).rejects.toMatchObject({ afterMs: 0 });
      expect(world.stored.status).toBe('LATE_CAPTURED');
      expect(await inquire()).toMatchObject({ outcome: 'REVERSED' });

      expect(world.refundKeys).toEqual([`rfd:${world.stored.paymentId}-late`]);
    },
  );

  it('over half an undoing, whose capture is seen just when it ends, is due all the same', async () => {
    const { world, askSince } = anInquirer(reviewed('no', refused()), { inquiries: [approved] });
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
    ['CHARGING', claimed],
    ['RESERVED again, for the PG took nothing', () => movedBy(claimed(), 'unsent')],
    ['FAILED, and being compensated', refused],
  ])('waits while that is %s, ever longer, and is then kept with it', async (_state, made) => {
    const { world, askSince } = anInquirer(made());

    await expect(askSince(now, '1', 'webhook')).rejects.toMatchObject({
      name: 'Postponed',
      afterMs: redeliverAfterMs[0],
    });
    world.now = later(inFlightWindowMs + 3_000);
    await expect(askSince(now)).rejects.toMatchObject({ afterMs: 1_500 });
    world.now = later(inFlightWindowMs + 2 * (redeliverAfterMs.at(-1) ?? 0) + 1);
    expect(await askSince(now)).toMatchObject({ outcome: 'left to the sweeper' });

    expect(world.asked).toEqual([]);
    expect(world.stored.hintedAt).toBe(now.toISOString());
    expect(world.stored.version).toBe(made().version);
  });

  it('is followed once the payment is compensated, and moves nothing where there is no news', async () => {
    const { world, askSince, inquire } = anInquirer(claimed(), { inquiries: [declined] });
    world.now = later(inFlightWindowMs + 60_000);
    await askSince(now);
    const charged = movedBy(world.stored, 'declined');

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
    const { world, askSince, inquire } = anInquirer(claimed(), {
      inquiries: [...silence, approved],
    });
    world.now = later(inFlightWindowMs + 60_000);
    await askSince(now);
    world.stored = finishCompensation(movedBy(world.stored, 'declined'), [], world.now);
    const { version } = world.stored;

    for (const _ of silence) {
      const { afterMs } = (await inquire().catch((error) => error)) as Postponed;
      expect(world.stored.version).toBe(version);
      world.now = new Date(world.now.getTime() + afterMs);
    }
    await expect(inquire()).rejects.toMatchObject({ afterMs: 0 });

    expect(world.stored.status).toBe('LATE_CAPTURED');
  });

  it('has it compared with the gateway once it is completed, and is not kept', async () => {
    const { world, askSince } = anInquirer(movedBy(claimed(), 'captured'));

    expect(await askSince(now)).toMatchObject({ outcome: 'COMPLETED, agrees' });

    expect(world.stored).not.toHaveProperty('hintedAt');
  });
});
