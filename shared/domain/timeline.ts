import type { Compensation } from './compensation.ts';
import type { EventName } from './events.ts';
import type { HistoryEntry, Payment } from './payment.ts';
import { type Refund, type RefundStatus, refundTransitionOf } from './refund.ts';
import { eventOf, type PaymentStatus, transitionOf } from './transitions.ts';

export const timelineKinds = [
  'accept',
  'claim',
  'charge',
  'inquiry',
  'state',
  'event',
  'compensation',
  'cancel',
  'refund',
] as const;

type Kind = (typeof timelineKinds)[number];

/** One thing that happened to a payment, or to a refund of it. */
export interface TimelineEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly sinceAcceptMs: number;
  readonly kind: Kind;
  readonly from?: PaymentStatus | RefundStatus;
  readonly to?: PaymentStatus | RefundStatus;
  readonly detail: string;
}

/** What is recorded of a payment in other tables. */
interface Records {
  readonly compensations?: readonly Compensation[];
  readonly refunds?: readonly Refund[];
}

type Happening = Omit<TimelineEntry, 'sinceAcceptMs'>;

/**
 * All that happened to a payment since it was accepted or refused, in order of time: its moves, the events that told them, what was
 * undone and what was refunded.
 */
export const timelineOf = (
  { createdAt, history, cancelRequestedAt }: Payment,
  { compensations = [], refunds = [] }: Records = {},
): TimelineEntry[] => {
  const accepted = Date.parse(createdAt);

  // What was undone comes before the move that it allows, should both be of one millisecond.
  return [
    ...compensations.map(undoing),
    ...(cancelRequestedAt === undefined ? [] : [cancelling(cancelRequestedAt)]),
    // How far a completed payment is refunded is told by its refunds.
    ...history
      .filter(({ from }) => from !== 'COMPLETED')
      .flatMap((entry) => [moving(entry), ...telling(entry.at, eventOf(entry.from, entry.to))]),
    ...refunds.flatMap(refunding),
  ]
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map(({ at, ...rest }) => ({ at, sinceAcceptMs: Date.parse(at) - accepted, ...rest }));
};

const moving = ({ at, from, to, detail }: HistoryEntry): Happening => ({
  at,
  kind: kindOf(from, to),
  from,
  to,
  detail: detail ?? transitionOf(from, to)?.when ?? '',
});

const kindOf = (from: HistoryEntry['from'], to: HistoryEntry['to']): Kind => {
  if (from === undefined) return 'accept';
  if (to === 'CHARGING') return 'claim';
  if (from === 'CHARGING') return 'charge';

  return from === 'UNKNOWN' || from === 'COMPENSATED' ? 'inquiry' : 'state';
};

const telling = (at: string, event: EventName | undefined): Happening[] =>
  event === undefined ? [] : [{ at, kind: 'event', detail: event }];

const cancelling = (at: string): Happening => ({
  at,
  kind: 'cancel',
  detail: 'the buyer asked to cancel it while it was in flight',
});

const refunding = ({ refundId, amount, currency, history }: Refund): Happening[] =>
  history.flatMap(({ at, from, to, detail }) => {
    const transition = refundTransitionOf(from, to);
    const what = detail ?? transition?.when;

    return [
      { at, kind: 'refund', from, to, detail: `${refundId} of ${amount} ${currency}: ${what}` },
      ...telling(at, transition?.event),
    ];
  });

const undoing = ({ compensatedAt, target, outcome, delta }: Compensation): Happening => ({
  at: compensatedAt,
  kind: 'compensation',
  detail: `${target} ${outcome}${delta > 0 ? ` (${delta})` : ''}`,
});
