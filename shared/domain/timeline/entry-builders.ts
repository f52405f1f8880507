import type { Compensation } from '../compensation/compensation.ts';
import type { Evidence, HistoryEntry, Payment } from '../payments/payment.ts';
import { transitionOf } from '../payments/payment-transitions.ts';
import { type Refund, type RefundHistoryEntry, refundTransitionOf } from '../refunds/refund.ts';
import type { Review } from '../reviews/review.ts';
import type { Effect, Told } from './published-events.ts';
import type { Happening, InnerKind, Kind } from './timeline-entry.ts';

export const moving = ({ at, from, to, by, detail, asked }: HistoryEntry): Happening => ({
  at,
  kind: kindOf(from, to, by),
  from,
  to,
  detail: detail ?? transitionOf(from, to)?.when ?? '',
  ...(asked && { asked }),
});

const kindOf = (from: HistoryEntry['from'], to: HistoryEntry['to'], by: string): Kind => {
  if (from === undefined) return 'accept';
  if (to === 'CHARGING') return 'claim';
  if (from === 'CHARGING') return 'charge';
  if (from === 'IN_REVIEW') return by === 'inquire-payment' ? 'inquiry' : 'state';

  return from === 'UNKNOWN' || from === 'COMPENSATED' ? 'inquiry' : 'state';
};

export const telling = ({ at, name, eventId }: Told): Happening => ({
  at,
  kind: 'event',
  detail: name,
  eventId,
});

export const cancelling = (at: string, reason?: string): Happening => ({
  at,
  kind: 'cancel',
  detail: `the buyer asked to cancel it while it was in flight${reason === undefined ? '' : `: ${reason}`}`,
});

/** When somebody had the PG asked out of turn, where that led to an answer that is kept; each wish once. */
export const wishesOf = ({ history, evidence = [] }: Payment, whose: 'webhook' | 'operator') => [
  ...new Set(
    [...history, ...evidence].flatMap(({ wish }) => (wish?.by === whose ? [wish.at] : [])),
  ),
];

export const hinting = (at: string): Happening => ({
  at,
  kind: 'webhook',
  detail: 'the PG hinted by webhook that it has news, and is asked at once',
});

export const wishing = (at: string): Happening<InnerKind> => ({
  at,
  kind: 'operator',
  detail: 'an operator had the PG asked at once',
});

export const seeing = ({ at, by, detail, asked }: Evidence): Happening<InnerKind> => ({
  at,
  kind: 'evidence',
  detail: `${by}: ${detail}`,
  ...(asked && { asked }),
});

export const refunding = (
  { refundId, amount, currency }: Refund,
  { at, from, to, detail, asked }: RefundHistoryEntry,
): Happening => ({
  at,
  kind: 'refund',
  from,
  to,
  detail: `${refundId} of ${amount} ${currency}: ${detail ?? refundTransitionOf(from, to)?.when}`,
  ...(asked && { asked }),
});

export const undoing = ({ compensatedAt, target, outcome, delta }: Compensation): Happening => ({
  at: compensatedAt,
  kind: 'compensation',
  detail: `${target} ${outcome}${delta > 0 ? ` (${delta})` : ''}`,
});

export const reviewing = (review: Review): readonly Happening<InnerKind>[] => {
  const { reviewId, code, amountAtRisk, currency, openedAt, audit } = review;

  return [
    {
      at: openedAt,
      kind: 'review',
      detail: `${reviewId} opened: ${code}, ${amountAtRisk} ${currency} at risk`,
    },
    ...audit.map(
      ({ at, by, decision, reason }): Happening<InnerKind> => ({
        at,
        kind: 'review',
        detail: `${reviewId} resolved by ${by} as ${decision}: ${reason}`,
      }),
    ),
  ];
};

export const hearing = ({ at, listener, did, event }: Effect): Happening<InnerKind> => ({
  at,
  kind: 'listener',
  detail: `${listener} ${did} ${event.name}`,
  eventId: event.eventId,
});
