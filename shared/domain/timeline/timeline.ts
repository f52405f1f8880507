import type { CompensationRecord } from '../compensation/compensation.ts';
import type { Payment } from '../payments/payment.ts';
import type { Refund } from '../refunds/refund.ts';
import type { Review } from '../reviews/review.ts';
import {
  cancellationEntry,
  compensationEntry,
  consumerEntry,
  eventEntry,
  evidenceEntry,
  inquiryTriggers,
  operatorInquiryEntry,
  refundEntry,
  reviewEntries,
  transitionEntry,
  webhookEntry,
} from './entry-builders.ts';
import {
  type ConsumerEffect,
  type PublishedEvent,
  publishedPaymentEvents,
  publishedRefundEvents,
} from './published-events.ts';
import type {
  OperatorKind,
  TimelineEntry,
  TimelineEntryDraft,
  TimelineKind,
} from './timeline-entry.ts';

/** What is recorded of a payment in other tables. */
interface TimelineRecords {
  readonly compensations?: readonly CompensationRecord[];
  readonly refunds?: readonly Refund[];
}

/** The same, with what is kept for those who run the service. */
interface OperatorRecords extends TimelineRecords {
  readonly reviews: readonly Review[];
  readonly effects: readonly ConsumerEffect[];
  /** Events that follow from an effect. */
  readonly derivedEvents: readonly PublishedEvent[];
}

/**
 * All that happened to a payment since it was accepted or refused, in order of time: its moves, what the PG was asked for them, the
 * events that told them, what was undone and what was refunded.
 */
export const buildTimeline = (payment: Payment, records: TimelineRecords = {}): TimelineEntry[] =>
  sortEntries(payment, draftEntries(payment, records));

/** The same with what moved nothing, who wished and decided, and what each listener did. */
export const buildOperatorTimeline = (
  payment: Payment,
  { reviews, effects, derivedEvents, ...records }: OperatorRecords,
): TimelineEntry<TimelineKind | OperatorKind>[] =>
  sortEntries<TimelineKind | OperatorKind>(payment, [
    ...inquiryTriggers(payment, 'operator').map(operatorInquiryEntry),
    ...(payment.evidence ?? []).map(evidenceEntry),
    ...draftEntries(payment, records),
    ...reviews.flatMap(reviewEntries),
    ...effects.map(consumerEntry),
    ...derivedEvents.map(eventEntry),
  ]);

/** In one millisecond they stay as they are given. */
const sortEntries = <K extends TimelineKind | OperatorKind>(
  { createdAt }: Payment,
  drafts: readonly TimelineEntryDraft<K>[],
): TimelineEntry<K>[] => {
  const accepted = Date.parse(createdAt);

  return drafts
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map(({ at, ...rest }) => ({ at, sinceAcceptMs: Date.parse(at) - accepted, ...rest }));
};

const draftEntries = (
  payment: Payment,
  { compensations = [], refunds = [] }: TimelineRecords,
): readonly TimelineEntryDraft[] => {
  const { history, cancelRequestedAt, cancelReason } = payment;

  // What was undone comes before the move that it allows, should both be of one millisecond.
  return [
    ...compensations.map(compensationEntry),
    ...(cancelRequestedAt === undefined
      ? []
      : [cancellationEntry(cancelRequestedAt, cancelReason)]),
    ...inquiryTriggers(payment, 'webhook').map(webhookEntry),
    ...history
      // How far a completed payment is refunded is told by its refunds.
      .filter(({ from }) => from !== 'COMPLETED')
      .flatMap((entry) => [
        transitionEntry(entry),
        ...publishedPaymentEvents(payment, entry).map(eventEntry),
      ]),
    ...refunds.flatMap((refund) =>
      refund.history.flatMap((entry) => [
        refundEntry(refund, entry),
        ...publishedRefundEvents(refund, entry).map(eventEntry),
      ]),
    ),
  ];
};
