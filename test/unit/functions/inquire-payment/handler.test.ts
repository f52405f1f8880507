import { describe, expect, it } from 'vitest';
import { advance } from '../../../../shared/domain/payments/payment-transitions.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import type { CancelOutcome, InquiryOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import { longestDelayMs } from '../../../../shared/lambda/message-deferral.ts';
import { Postponed } from '../../../../shared/lambda/sqs-handler.ts';
import { anOrder, aPayment } from '../../../support/builders/builders.ts';
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

const refusedKey = {
  outcome: 'not-sent',
  reason: 'the PG refuses our API key (401)',
  cause: 'credentials',
} as const;
const { inFlightWindowMs, inquiriesAfterMs, lateChecksAfterMs } = timings.local;

describe('an inquiry', () => {
  it('books what the PG did capture', async () => {
    const { world, inquire } = anInquirer(unknown(), { inquiries: [approved] });

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED' });

    expect(world.stored).toMatchObject({
      status: 'COMPLETED',
      inquiries: 1,
      pg: { transactionId: 'tx' },
    });
    expect(world.asked).toEqual(['inquire']);
  });

  it.each<[string, InquiryOutcome, object]>([
    [
      'fails on a documented refusal, with its evidence',
      { outcome: 'declined', code: 'insufficient_funds', reason: 'no funds' },
      {
        status: 'FAILED',
        failure: { code: 'insufficient_funds', evidence: expect.stringContaining('attempt 1') },
      },
    ],
    [
      'opens a review where the PG approved something else',
      { outcome: 'mismatch', transactionId: 'tx', differences: ['amount'] },
      { status: 'IN_REVIEW', failure: { code: 'pg-mismatch' } },
    ],
    [
      'opens a review where a part of the capture was refunded at the gateway',
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
      'opens a review where all of the capture was refunded at the gateway',
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
      'says of another amount, too, what was refunded of it',
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
    const { world, inquire } = anInquirer(unknown(), { inquiries: [outcome] });

    await inquire();

    expect(world.stored).toMatchObject(expected);
    expect(world.stored.reservation).toEqual(aPayment().reservation);
  });

  it.each<[string, InquiryOutcome]>([
    ['in progress', inProgress],
    ['ambiguous', { outcome: 'ambiguous', reason: '500' }],
  ])('that is %s is made again later, and gives nothing back', async (_case, outcome) => {
    const { world, inquire } = anInquirer(unknown(), { inquiries: [outcome] });

    await expect(inquire()).rejects.toMatchObject({ name: 'Postponed', afterMs: 2_000 });

    expect(world.stored).toMatchObject({
      status: 'UNKNOWN',
      inquiries: 1,
      dueAt: later(inFlightWindowMs + 2_000).toISOString(),
    });
    expect(world.stored.reservation).toEqual(aPayment().reservation);
  });

  it.each<[string, InquiryOutcome]>([
    ['is refused for our API key', refusedKey],
    ['finds no gateway', { outcome: 'not-sent', reason: 'ECONNREFUSED' }],
  ])(
    'that %s uses up none of its schedule and moves nothing, however often, until it is answered',
    async (_case, unsent) => {
      const outages = Array.from({ length: 3 * inquiriesAfterMs.length }, () => unsent);
      const { world, inquire } = anInquirer(unknown(), { inquiries: [...outages, approved] });
      const before = world.stored;
      const waits: number[] = [];

      for (const _ of outages) {
        const { name, afterMs } = (await inquire().catch((error) => error)) as Postponed;
        expect(name).toBe('Postponed');
        waits.push(afterMs);
        world.now = new Date(world.now.getTime() + afterMs);
        expect(world.stored).toEqual({ ...before, dueAt: world.now.toISOString() });
      }
      expect(Math.max(...waits)).toBe(Math.max(...timings.local.redeliverAfterMs));

      expect(await inquire()).toMatchObject({ outcome: 'COMPLETED' });
    },
  );

  it('whose cancellation was not sent is no proof, and is made again', async () => {
    const { world, inquire } = anInquirer(unknown(), {
      inquiries: [notFound, approved],
      cancel: refusedKey,
    });

    await expect(inquire()).rejects.toMatchObject({ name: 'Postponed' });
    expect(world.stored).toMatchObject({ status: 'UNKNOWN', version: unknown().version });
    world.now = new Date(world.stored.dueAt ?? '');

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED' });
  });

  it('never asks about a payment that its coupon covers: there is nothing to charge', async () => {
    const { world, inquire } = anInquirer(unknown({ order: anOrder({ discount: 5_000 }) }));

    await inquire();

    expect(world.stored.status).toBe('COMPLETED');
    expect(world.asked).toEqual([]);
  });

  it('leaves alone what is known', async () => {
    const payment = aPayment({ status: 'COMPLETED' });
    const { world, inquire } = anInquirer(payment);

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED' });
    expect(world.asked).toEqual([]);
  });

  it('opens a review where the books cannot take what was captured', async () => {
    const { world, inquire } = anInquirer(unknown(), { inquiries: [approved] });
    world.settles = 'books-disagree';

    await inquire();

    expect(world.stored).toMatchObject({
      status: 'IN_REVIEW',
      failure: { code: 'books-disagree' },
    });
  });

  it('whose answer comes when the payment has moved changes nothing, and is kept as evidence', async () => {
    const { world, inquire } = anInquirer(unknown(), { inquiries: [approved] });
    const decided = { ...world.stored, status: 'FAILED', version: 9 } as const;
    world.whileAsking = () => {
      world.stored = decided;
    };

    await expect(inquire()).rejects.toBeInstanceOf(Postponed);

    expect(journalOf(world.stored)).toEqual(journalOf(decided));
    expect(world.noted).toEqual([
      expect.objectContaining({ detail: expect.stringContaining('approved as tx') }),
    ]);
  });

  it.each<[string, InquiryOutcome, boolean]>([
    ['captured', approved, true],
    [
      'captured as something else',
      { outcome: 'mismatch', transactionId: 'tx', differences: ['amount'] },
      true,
    ],
    ['refused', { outcome: 'declined', code: 'no', reason: 'no' }, false],
  ])(
    'that comes too late with a charge that is %s is followed by another one or not',
    async (_case, outcome, isFollowed) => {
      const { world, inquire } = anInquirer(unknown(), { inquiries: [outcome] });
      world.whileAsking = () => {
        world.stored = movedBy(world.stored, 'declined', 'compensated');
      };

      await inquire().catch(() => {});

      expect(world.stored.status).toBe('COMPENSATED');
      expect('dueAt' in world.stored).toBe(isFollowed);
    },
  );
});

describe('"not found"', () => {
  it('is no refusal while the charge may be on its way, and is asked again when the window closes', async () => {
    const { world, inquire } = anInquirer(unknown());
    world.now = later(inFlightWindowMs - 1);

    await expect(inquire()).rejects.toMatchObject({ afterMs: 1 });

    expect(world.stored.status).toBe('UNKNOWN');
    expect(world.asked).toEqual(['inquire']);
  });

  it('is conclusive after the window, a cancellation and being not found again, and says why', async () => {
    const { world, inquire } = anInquirer(unknown());

    await expect(inquire()).rejects.toMatchObject({ afterMs: lateChecksAfterMs[0] });

    expect(world.asked).toEqual(['inquire', 'cancel', 'inquire']);
    expect(world.stored.history.find(({ to }) => to === 'FAILED')?.asked).toMatchObject([
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
    ['came while the PG was at it', inProgress],
  ])('is not conclusive where the cancellation %s', async (_case, cancel) => {
    const { world, inquire } = anInquirer(unknown(), { cancel });

    await expect(inquire()).rejects.toBeInstanceOf(Postponed);

    expect(world.stored.status).toBe('UNKNOWN');
    expect(world.asked).toEqual(['inquire', 'cancel']);
  });

  it('gives way to a capture that the cancellation came upon', async () => {
    const { world, inquire } = anInquirer(unknown(), {
      inquiries: [notFound, approved],
      cancel: { outcome: 'already-captured', transactionId: 'tx' },
    });

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED' });
    expect(world.asked).toEqual(['inquire', 'cancel', 'inquire']);
  });

  it('against a cancellation that says "captured" proves nothing', async () => {
    const { world, inquire } = anInquirer(unknown(), {
      cancel: { outcome: 'already-captured', transactionId: 'tx' },
    });

    await expect(inquire()).rejects.toBeInstanceOf(Postponed);

    expect(world.stored.status).toBe('UNKNOWN');
  });

  it('counts the window from the claim that sent the charge last', async () => {
    const first = unknown();
    const unsent = advance({ ...first, status: 'CHARGING' }, 'unsent', {
      at: later(5_000),
      by: 't',
    });
    const again = advance(unsent, 'claimed', { at: later(6_000), by: 't' });
    const { world, inquire } = anInquirer(
      advance(again, 'outcomeUnknown', { at: later(7_000), by: 't' }),
    );

    await expect(inquire()).rejects.toBeInstanceOf(Postponed);

    expect(world.stored.dueAt).toBe(later(inFlightWindowMs + 2_000).toISOString());
  });
});

describe('the schedule of inquiries', () => {
  it('waits for the time that the payment names', async () => {
    const { world, inquire } = anInquirer({
      ...unknown(),
      dueAt: later(inFlightWindowMs + 700).toISOString(),
    });

    await expect(inquire()).rejects.toMatchObject({ name: 'Postponed', afterMs: 700 });
    expect(world.asked).toEqual([]);
  });

  it('leaves a time that no message can wait for to the sweeper', async () => {
    const { world, inquire } = anInquirer({
      ...unknown(),
      dueAt: later(inFlightWindowMs + longestDelayMs + 1).toISOString(),
    });

    expect(await inquire()).toMatchObject({ outcome: 'left to the sweeper' });
    expect(world.stored.status).toBe('UNKNOWN');
  });

  it('grows as published, and at its end a person decides while the money stays held', async () => {
    const answers = inquiriesAfterMs.map(() => inProgress);
    const { world, inquire } = anInquirer(unknown(), { inquiries: answers });
    const waits: number[] = [];

    for (const _ of inquiriesAfterMs) {
      const { afterMs } = (await inquire().catch((error) => error)) as Postponed;
      waits.push(afterMs);
      world.now = new Date(world.now.getTime() + (afterMs ?? 0));
    }

    expect(waits).toEqual([...inquiriesAfterMs.slice(1), undefined]);
    expect(world.stored).toMatchObject({
      status: 'IN_REVIEW',
      inquiries: inquiriesAfterMs.length,
      failure: { code: 'outcome-unknown', evidence: expect.stringContaining('still working') },
    });
    expect(world.stored.reservation).toEqual(aPayment().reservation);
  });

  it('ends a duplicate of the message that made the inquiry, so that only one waits on', async () => {
    const { world, made, inquire } = anInquirer(unknown(), { inquiries: [inProgress] });
    const asRead = world.stored;
    await expect(inquire()).rejects.toBeInstanceOf(Postponed);
    expect(made.size).toBe(1);
    world.stored = asRead;

    expect(await inquire()).toMatchObject({ outcome: 'asked before' });

    expect(world.asked).toEqual(['inquire']);
  });
});
