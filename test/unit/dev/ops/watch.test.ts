import { describe, expect, it } from 'vitest';
import { renderLine, renderScreen, type WatchFrame } from '../../../../dev/ops/format-watch.ts';
import { countPayments } from '../../../../dev/ops/payment-counts.ts';
import type { StackSnapshot } from '../../../../dev/ops/stack-probe.ts';
import { renderTo, watch } from '../../../../dev/ops/watch.ts';
import { noon } from '../../../support/builders/builders.ts';

const none = {
  accepted: 0,
  rejected: 0,
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

const aSnapshot = (seconds: number, given: Partial<StackSnapshot> = {}): StackSnapshot => ({
  at: new Date(noon.getTime() + seconds * 1_000),
  counts: none,
  backlog: quiet,
  queues: [{ consumer: 'charge-payment', waiting: 0, later: 0, deadLetters: 0 }],
  ...given,
});

const busy: WatchFrame = {
  first: aSnapshot(0, { counts: { ...none, accepted: 1_000, completed: 990 } }),
  before: aSnapshot(8, { counts: { ...none, accepted: 1_030, completed: 1_000, failed: 1 } }),
  now: aSnapshot(10, {
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

describe('render frame', () => {
  it('shows counts, rates, money at risk and non-empty queues on a screen', () => {
    expect(renderScreen(busy)).toBe(
      [
        '12:00:10 UTC, Ctrl-C to stop',
        '',
        'payments            now    since 12:00:00  per second',
        'accepted            1,037  +37             3.5',
        'rejected at accept  0      +0              0.0',
        'pending             3',
        'unknown             2',
        'under review        0',
        'completed           1,010  +20             5.0',
        'failed              1      +1              0.0',
        '',
        'backlog  payments  oldest  at risk',
        'UNKNOWN  2         12 s    24,000 KRW, 500 USD',
        'FAILED   0',
        '',
        'queue           waiting  in flight or delayed  dead letters',
        'charge-payment  3        2                     0',
        'notify-buyer    0        0                     1',
        '1 of 3 queues are empty.',
      ].join('\n'),
    );
  });

  it('shows one line if the output cannot be redrawn', () => {
    expect(renderLine(busy)).toBe(
      '12:00:10 accepted 1,037 (3.5/s), rejected at accept 0 (0.0/s), pending 3, unknown 2, under review 0, completed 1,010 (5.0/s), failed 1 (0.0/s) | backlog: UNKNOWN 2 for 12 s, 24,000 KRW, 500 USD | messages 5 | dead letters 1',
    );
  });

  it('shows a rate of 0 in the first frame, and that payments are not counted', () => {
    const first = aSnapshot(0, { counts: undefined });
    const frame = { first, before: first, now: first };

    expect(renderScreen(frame)).toContain('too many payments');
    expect(renderLine(frame)).toContain('12:00:00 too many payments to count | backlog: none');
    expect(renderLine({ first: busy.now, before: busy.now, now: busy.now })).toContain('(0.0/s)');
  });
});

describe('watch', () => {
  it('takes the given number of snapshots, each shown with the previous and the first', async () => {
    const snapshots = [aSnapshot(0), aSnapshot(1), aSnapshot(2)];
    const shown: WatchFrame[] = [];
    const rest = [...snapshots];

    await watch(async () => rest.shift() as StackSnapshot, {
      everyMs: 1,
      count: 3,
      signal: new AbortController().signal,
      show: (frame) => shown.push(frame),
    });

    const [first, second, third] = snapshots;
    expect(shown).toEqual([
      { first, before: first, now: first },
      { first, before: first, now: second },
      { first, before: second, now: third },
    ]);
  });

  it('ends during the interval when the signal aborts', async () => {
    const ended = new AbortController();
    let taken = 0;

    await watch(
      async () => {
        taken += 1;
        return aSnapshot(taken);
      },
      { everyMs: 3_600_000, signal: ended.signal, show: () => ended.abort() },
    );

    expect(taken).toBe(1);
  });

  it('writes lines if the stream is not a terminal', () => {
    const written: string[] = [];
    const stream = { isTTY: false, write: (text: string) => written.push(text) > 0 };

    renderTo(stream as unknown as NodeJS.WriteStream)(busy);

    expect(written).toEqual([`${renderLine(busy)}\n`]);
  });
});

it('counts payments by outcome, and separately those that reserved nothing', () => {
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
    rejected: 1,
    pending: 2,
    unknown: 1,
    inReview: 1,
    completed: 1,
    failed: 1,
  });
});
