import { describe, expect, it } from 'vitest';
import { renderLine, renderScreen, type WatchFrame } from '../../../../dev/ops/format-watch.ts';
import { countPayments } from '../../../../dev/ops/payment-counts.ts';
import type { StackSnapshot } from '../../../../dev/ops/stack-probe.ts';
import { renderTo, watch } from '../../../../dev/ops/watch.ts';
import { noon } from '../../../support/builders/builders.ts';

const none = {
  accepted: 0,
  refused: 0,
  pending: 0,
  unknown: 0,
  inReview: 0,
  completed: 0,
  failed: 0,
};
const quiet = [
  { state: 'UNKNOWN', payments: 0, oldestAgeMs: 0, amountByCurrency: [] },
  { state: 'FAILED', payments: 0, oldestAgeMs: 0, amountByCurrency: [] },
] as const;

const aLook = (seconds: number, given: Partial<StackSnapshot> = {}): StackSnapshot => ({
  at: new Date(noon.getTime() + seconds * 1_000),
  counts: none,
  backlog: quiet,
  queues: [{ consumer: 'charge-payment', waiting: 0, later: 0, deadLetters: 0 }],
  ...given,
});

const busy: WatchFrame = {
  first: aLook(0, { counts: { ...none, accepted: 1_000, completed: 990 } }),
  before: aLook(8, { counts: { ...none, accepted: 1_030, completed: 1_000, failed: 1 } }),
  now: aLook(10, {
    counts: { ...none, accepted: 1_037, pending: 3, unknown: 2, completed: 1_010, failed: 1 },
    backlog: [
      {
        state: 'UNKNOWN',
        payments: 2,
        oldestAgeMs: 12_400,
        amountByCurrency: [
          { currency: 'KRW', amount: 24_000 },
          { currency: 'USD', amount: 500 },
        ],
      },
      quiet[1],
    ],
    queues: [
      { consumer: 'charge-payment', waiting: 3, later: 2, deadLetters: 0 },
      { consumer: 'notify-buyer', waiting: 0, later: 0, deadLetters: 1 },
      { consumer: 'update-ranking', waiting: 0, later: 0, deadLetters: 0 },
    ],
  }),
};

describe('what is watched', () => {
  it('is shown whole on a screen: counts, rates, money at risk, and the queues that hold anything', () => {
    expect(renderScreen(busy)).toBe(
      [
        '12:00:10 UTC, Ctrl-C ends it',
        '',
        'payments           now    since 12:00:00  per second',
        'accepted           1,037  +37             3.5',
        'refused at accept  0      +0              0.0',
        'pending            3',
        'unknown            2',
        'under review       0',
        'completed          1,010  +20             5.0',
        'failed             1      +1              0.0',
        '',
        'standing still  payments  oldest  at risk',
        'UNKNOWN         2         12 s    24,000 KRW, 500 USD',
        'FAILED          0',
        '',
        'queue           waiting  in hand or later  dead letters',
        'charge-payment  3        2                 0',
        'notify-buyer    0        0                 1',
        '1 of 3 queues are empty.',
      ].join('\n'),
    );
  });

  it('is one line where nobody can redraw', () => {
    expect(renderLine(busy)).toBe(
      '12:00:10 accepted 1,037 (3.5/s), refused at accept 0 (0.0/s), pending 3, unknown 2, under review 0, completed 1,010 (5.0/s), failed 1 (0.0/s) | standing still: UNKNOWN 2 for 12 s, 24,000 KRW, 500 USD | messages 5 | dead letters 1',
    );
  });

  it('has no rate at the first look, and says what is not counted', () => {
    const first = aLook(0, { counts: undefined });
    const seen = { first, before: first, now: first };

    expect(renderScreen(seen)).toContain('too many payments');
    expect(renderLine(seen)).toContain(
      '12:00:00 too many payments to count | standing still: none',
    );
    expect(renderLine({ first: busy.now, before: busy.now, now: busy.now })).toContain('(0.0/s)');
  });
});

describe('watching', () => {
  it('looks so many times, each compared with the one before and the first', async () => {
    const looks = [aLook(0), aLook(1), aLook(2)];
    const shown: WatchFrame[] = [];
    const rest = [...looks];

    await watch(async () => rest.shift() as StackSnapshot, {
      everyMs: 1,
      count: 3,
      signal: new AbortController().signal,
      show: (seen) => shown.push(seen),
    });

    const [first, second, third] = looks;
    expect(shown).toEqual([
      { first, before: first, now: first },
      { first, before: first, now: second },
      { first, before: second, now: third },
    ]);
  });

  it('ends when it is told to, in the middle of its pause', async () => {
    const ended = new AbortController();
    let looked = 0;

    await watch(
      async () => {
        looked += 1;
        return aLook(looked);
      },
      { everyMs: 3_600_000, signal: ended.signal, show: () => ended.abort() },
    );

    expect(looked).toBe(1);
  });

  it('writes lines where the stream is no terminal', () => {
    const written: string[] = [];
    const stream = { isTTY: false, write: (text: string) => written.push(text) > 0 };

    renderTo(stream as unknown as NodeJS.WriteStream)(busy);

    expect(written).toEqual([`${renderLine(busy)}\n`]);
  });
});

it('counts payments by what became of them, and apart those that reserved nothing', () => {
  const reservation = { balance: 1, lines: [] };

  expect(
    countPayments([
      { status: 'FAILED' },
      { status: 'RESERVED', reservation },
      { status: 'CHARGING', reservation },
      { status: 'UNKNOWN', reservation },
      { status: 'IN_REVIEW', reservation },
      { status: 'COMPLETED', reservation },
      { status: 'COMPENSATED', reservation },
    ]),
  ).toEqual({
    accepted: 6,
    refused: 1,
    pending: 2,
    unknown: 1,
    inReview: 1,
    completed: 1,
    failed: 1,
  });
});
