import { type EventName, eventIdOf, subscriptions } from '../events/domain-event.ts';
import type { Payment, PaymentHistoryEntry } from '../payments/payment.ts';
import { paymentTransitionEvent } from '../payments/payment-transitions.ts';
import { type Refund, type RefundHistoryEntry, refundTransitionOf } from '../refunds/refund.ts';

/** An event as it was told, without what it says. */
export interface PublishedEvent {
  readonly eventId: string;
  readonly name: EventName;
  /** ISO 8601. */
  readonly at: string;
}

/** The events that a payment's journal tells of, and a refund's, each under the id that it was published with. */
export const publishedEventsOf = (aggregate: Payment | Refund): readonly PublishedEvent[] =>
  'refundId' in aggregate
    ? aggregate.history.flatMap((entry) => publishedRefundEvents(aggregate, entry))
    : aggregate.history.flatMap((entry) => publishedPaymentEvents(aggregate, entry));

/** The event of one move of a payment, if it has one. */
export const publishedPaymentEvents = (
  { paymentId }: Payment,
  entry: PaymentHistoryEntry,
): readonly PublishedEvent[] =>
  toPublishedEvents(paymentId, entry, paymentTransitionEvent(entry.from, entry.to));

/** The event of one move of a refund, if it has one. */
export const publishedRefundEvents = (
  { refundId }: Refund,
  entry: RefundHistoryEntry,
): readonly PublishedEvent[] =>
  toPublishedEvents(refundId, entry, refundTransitionOf(entry.from, entry.to)?.event);

const toPublishedEvents = (
  subject: string,
  { version, at }: Pick<PaymentHistoryEntry, 'version' | 'at'>,
  name?: EventName,
): readonly PublishedEvent[] =>
  name === undefined ? [] : [{ eventId: eventIdOf(subject, version), name, at }];

/** Who has an effect outside of the payment's own journal. What the others do is in there. */
const externalConsumers = [
  'send-to-data-platform',
  'notify-buyer',
  'update-ranking',
  'add-loyalty-points',
] as const satisfies readonly (keyof typeof subscriptions)[];

/** An event that a listener is to have an effect of. */
export interface ExpectedDelivery {
  readonly consumer: (typeof externalConsumers)[number];
  readonly event: PublishedEvent;
}

/** All that is to come of these events in the end. */
export const expectedDeliveriesOf = (
  events: readonly PublishedEvent[],
): readonly ExpectedDelivery[] =>
  events.flatMap((event) =>
    externalConsumers
      .filter((consumer) => (subscriptions[consumer] as readonly EventName[]).includes(event.name))
      .map((consumer) => ({ consumer, event })),
  );

/** What a listener has done about an event. */
export interface ConsumerEffect extends ExpectedDelivery {
  /** ISO 8601. */
  readonly at: string;
  readonly action: string;
}
