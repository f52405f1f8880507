import type { Compensation } from './compensation.ts';
import type { HistoryEntry, Payment } from './payment.ts';
import { eventOf, transitionOf } from './transitions.ts';

export const timelineKinds = [
  'accept',
  'claim',
  'charge',
  'inquiry',
  'state',
  'event',
  'compensation',
] as const;

type Kind = (typeof timelineKinds)[number];

/** One thing that happened to a payment. */
export interface TimelineEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly sinceAcceptMs: number;
  readonly kind: Kind;
  readonly from?: Payment['status'];
  readonly to?: Payment['status'];
  readonly detail: string;
}

type Happening = Omit<TimelineEntry, 'sinceAcceptMs'>;

/** All that happened to a payment since it was accepted or refused, in order of time: its moves, the events that told them, what was undone. */
export const timelineOf = (
  { createdAt, history }: Payment,
  compensations: readonly Compensation[],
): TimelineEntry[] => {
  const accepted = Date.parse(createdAt);

  // What was undone comes before the move that it allows, should both be of one millisecond.
  return [
    ...compensations.map(undoing),
    ...history.flatMap((entry) => [moving(entry), ...telling(entry)]),
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

const telling = ({ at, from, to }: HistoryEntry): Happening[] => {
  const event = eventOf(from, to);

  return event === undefined ? [] : [{ at, kind: 'event', detail: event }];
};

const undoing = ({ compensatedAt, target, outcome, delta }: Compensation): Happening => ({
  at: compensatedAt,
  kind: 'compensation',
  detail: `${target} ${outcome}${delta > 0 ? ` (${delta})` : ''}`,
});
