import type { CompensationRecord } from '../compensation/compensation.ts';
import type { Payment } from '../payments/payment.ts';
import type { Refund } from '../refunds/refund.ts';
import type { Review } from '../reviews/review.ts';
import {
  buyerInquiryEntry,
  cancellationEntry,
  compensationEntry,
  consumerEntry,
  eventEntry,
  evidenceEntry,
  inquiryTriggers,
  operatorCancellationEntries,
  operatorInquiryEntry,
  operatorRefundEntries,
  refundEntry,
  reviewEntries,
  type TimelineReader,
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

/** A payment's records in other tables. */
interface TimelineRecords {
  readonly compensations?: readonly CompensationRecord[];
  readonly refunds?: readonly Refund[];
}

/** The same, with the records that only an operator sees. */
interface OperatorRecords extends TimelineRecords {
  readonly reviews: readonly Review[];
  readonly effects: readonly ConsumerEffect[];
  /** Events that a consumer's effect published. */
  readonly derivedEvents: readonly PublishedEvent[];
}

/**
 * Builds the buyer's timeline, in order of time: the payment's transitions and gateway calls, their events,
 * its compensation and its refunds.
 */
export const buildTimeline = (payment: Payment, records: TimelineRecords = {}): TimelineEntry[] =>
  sortEntries(payment, draftEntries(payment, records, 'buyer'));

/**
 * Builds the operator's timeline: adds evidence, operators' inquiries, cancellations and refunds, reviews and
 * the effects of consumers.
 */
export const buildOperatorTimeline = (
  payment: Payment,
  { reviews, effects, derivedEvents, ...records }: OperatorRecords,
): TimelineEntry<TimelineKind | OperatorKind>[] =>
  sortEntries<TimelineKind | OperatorKind>(payment, [
    ...inquiryTriggers(payment, 'operator').map(operatorInquiryEntry),
    ...operatorCancellationEntries(payment),
    ...(records.refunds ?? []).flatMap(operatorRefundEntries),
    ...(payment.evidence ?? []).map(evidenceEntry),
    ...draftEntries(payment, records, 'operator'),
    ...reviews.flatMap(reviewEntries),
    ...effects.map(consumerEntry),
    ...derivedEvents.map(eventEntry),
  ]);

/** Stable: entries of one millisecond keep their order. */
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
  reader: TimelineReader,
): readonly TimelineEntryDraft[] => {
  const { history, cancelRequestedAt } = payment;

  // Compensation records precede the transition that they allow, even in the same millisecond.
  return [
    ...compensations.map(compensationEntry),
    ...(cancelRequestedAt === undefined ? [] : [cancellationEntry(cancelRequestedAt, payment)]),
    ...inquiryTriggers(payment, 'webhook').map(webhookEntry),
    ...inquiryTriggers(payment, 'buyer').map(buyerInquiryEntry),
    ...history
      // The refunds' own entries follow. A dispute, or a refund made elsewhere, has an event of the payment.
      .filter(({ from, event }) => from !== 'COMPLETED' || event !== undefined)
      .flatMap((entry) => [
        transitionEntry(payment, entry, reader),
        ...publishedPaymentEvents(payment, entry).map(eventEntry),
      ]),
    ...refunds.flatMap((refund) =>
      refund.history.flatMap((entry) => [
        refundEntry(refund, entry, reader),
        ...publishedRefundEvents(refund, entry).map(eventEntry),
      ]),
    ),
  ];
};
