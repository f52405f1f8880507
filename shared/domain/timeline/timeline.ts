import type { Compensation } from '../compensation/compensation.ts';
import type { Payment } from '../payments/payment.ts';
import type { Refund } from '../refunds/refund.ts';
import type { Review } from '../reviews/review.ts';
import {
  cancelling,
  hearing,
  hinting,
  moving,
  refunding,
  reviewing,
  seeing,
  telling,
  undoing,
  wishesOf,
  wishing,
} from './entry-builders.ts';
import { type Effect, type Told, toldOfPayment, toldOfRefund } from './published-events.ts';
import type { Happening, InnerKind, Kind, TimelineEntry } from './timeline-entry.ts';

/** What is recorded of a payment in other tables. */
interface Records {
  readonly compensations?: readonly Compensation[];
  readonly refunds?: readonly Refund[];
}

/** The same, with what is kept for those who run the service. */
interface InnerRecords extends Records {
  readonly reviews: readonly Review[];
  readonly effects: readonly Effect[];
  /** Events that follow from an effect. */
  readonly consequences: readonly Told[];
}

/**
 * All that happened to a payment since it was accepted or refused, in order of time: its moves, what the PG was asked for them, the
 * events that told them, what was undone and what was refunded.
 */
export const timelineOf = (payment: Payment, records: Records = {}): TimelineEntry[] =>
  inOrder(payment, happeningsOf(payment, records));

/** The same with what moved nothing, who wished and decided, and what each listener did. */
export const wholeTimelineOf = (
  payment: Payment,
  { reviews, effects, consequences, ...records }: InnerRecords,
): TimelineEntry<Kind | InnerKind>[] =>
  inOrder<Kind | InnerKind>(payment, [
    ...wishesOf(payment, 'operator').map(wishing),
    ...(payment.evidence ?? []).map(seeing),
    ...happeningsOf(payment, records),
    ...reviews.flatMap(reviewing),
    ...effects.map(hearing),
    ...consequences.map(telling),
  ]);

/** In one millisecond they stay as they are given. */
const inOrder = <K extends Kind | InnerKind>(
  { createdAt }: Payment,
  happenings: readonly Happening<K>[],
): TimelineEntry<K>[] => {
  const accepted = Date.parse(createdAt);

  return happenings
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map(({ at, ...rest }) => ({ at, sinceAcceptMs: Date.parse(at) - accepted, ...rest }));
};

const happeningsOf = (
  payment: Payment,
  { compensations = [], refunds = [] }: Records,
): readonly Happening[] => {
  const { history, cancelRequestedAt, cancelReason } = payment;

  // What was undone comes before the move that it allows, should both be of one millisecond.
  return [
    ...compensations.map(undoing),
    ...(cancelRequestedAt === undefined ? [] : [cancelling(cancelRequestedAt, cancelReason)]),
    ...wishesOf(payment, 'webhook').map(hinting),
    ...history
      // How far a completed payment is refunded is told by its refunds.
      .filter(({ from }) => from !== 'COMPLETED')
      .flatMap((entry) => [moving(entry), ...toldOfPayment(payment, entry).map(telling)]),
    ...refunds.flatMap((refund) =>
      refund.history.flatMap((entry) => [
        refunding(refund, entry),
        ...toldOfRefund(refund, entry).map(telling),
      ]),
    ),
  ];
};
