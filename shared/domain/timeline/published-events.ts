import { type EventName, eventIdOf } from '../events/domain-event.ts';
import { externalConsumers, subscriptions } from '../events/subscriptions.ts';
import type { Payment, PaymentHistoryEntry } from '../payments/payment.ts';
import { paymentEventOfEntry } from '../payments/payment-transitions.ts';
import { type Refund, type RefundHistoryEntry, refundEventOfEntry } from '../refunds/refund.ts';

/** A published event without its data. */
export interface PublishedEvent {
  readonly eventId: string;
  readonly name: EventName;
  /** ISO 8601. */
  readonly at: string;
}

/** The events of a payment's or refund's history, with their published ids. */
export const publishedEventsOf = (aggregate: Payment | Refund): readonly PublishedEvent[] =>
  'refundId' in aggregate
    ? aggregate.history.flatMap((entry) => publishedRefundEvents(aggregate, entry))
    : aggregate.history.flatMap((entry) => publishedPaymentEvents(aggregate, entry));

/** The event of one version of a payment, if it has one. */
export const publishedPaymentEvents = (
  { paymentId }: Payment,
  entry: PaymentHistoryEntry,
): readonly PublishedEvent[] => toPublishedEvents(paymentId, entry, paymentEventOfEntry(entry));

/** The event of one version of a refund, if it has one. */
export const publishedRefundEvents = (
  { refundId }: Refund,
  entry: RefundHistoryEntry,
): readonly PublishedEvent[] => toPublishedEvents(refundId, entry, refundEventOfEntry(entry));

const toPublishedEvents = (
  subject: string,
  { version, at }: Pick<PaymentHistoryEntry, 'version' | 'at'>,
  name?: EventName,
): readonly PublishedEvent[] =>
  name === undefined ? [] : [{ eventId: eventIdOf(subject, version), name, at }];

/** An event and a consumer that must process it. */
export interface ExpectedDelivery {
  readonly consumer: (typeof externalConsumers)[number];
  readonly event: PublishedEvent;
}

/** Every delivery that these events lead to. */
export const expectedDeliveriesOf = (
  events: readonly PublishedEvent[],
): readonly ExpectedDelivery[] =>
  events.flatMap((event) =>
    externalConsumers
      .filter((consumer) => (subscriptions[consumer] as readonly EventName[]).includes(event.name))
      .map((consumer) => ({ consumer, event })),
  );

/** The effect of one processed delivery. */
export interface ConsumerEffect extends ExpectedDelivery {
  /** ISO 8601. */
  readonly at: string;
  readonly action: string;
}
