import type { DomainEvent } from '../../domain/events/domain-event.ts';
import { eventOfChange, publishedEventOfChange } from '../../domain/outbox/outbox-event.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import {
  type PaymentEventName,
  replayPaymentEvents,
} from '../../domain/payments/payment-events.ts';
import { paymentEventOfEntry } from '../../domain/payments/payment-transitions.ts';
import { type Refund, refundEventOfEntry } from '../../domain/refunds/refund.ts';
import { type RefundEventName, replayRefundEvent } from '../../domain/refunds/refund-events.ts';
import type { StoredItem } from '../../persistence/stored-items.ts';

/** The event of a closed review is not replayed, because the reason for the review may be gone. */
const isReviewClosed = (name: string, status: string) =>
  (name === 'PaymentReviewOpened' && status !== 'IN_REVIEW') ||
  (name === 'RefundReviewOpened' && status !== 'UNDER_REVIEW');

const eventNames = <E extends string>(
  status: string,
  names: readonly (string | undefined)[],
): E[] =>
  [...new Set(names)].filter((name) => name !== undefined && !isReviewClosed(name, status)) as E[];

/** All events of a payment's history. They keep their ids, so that consumers drop duplicates. */
export const replayableEventsOf = (payment: Payment): readonly DomainEvent[] =>
  eventNames<PaymentEventName>(payment.status, payment.history.map(paymentEventOfEntry)).flatMap(
    (name) => replayPaymentEvents(payment, name),
  );

const replayableRefundEventsOf = (refund: Refund): readonly DomainEvent[] =>
  eventNames<RefundEventName>(refund.status, refund.history.map(refundEventOfEntry)).map((name) =>
    replayRefundEvent(refund, name),
  );

/** An amount of the history: `points`, and since when. */
type PointsAmount = Readonly<Record<string, unknown>>;

/** The event that added the points of a payment, and one for each correction, with their own times. */
const pointsEventsOf = (entry: StoredItem['item']): readonly DomainEvent[] => {
  const { history = [entry] } = entry as { readonly history?: readonly PointsAmount[] };
  const versions = history.map((amount, index) => ({ ...entry, ...amount, version: index + 1 }));

  return versions.flatMap(
    (after, index) => eventOfChange({ of: 'points', before: versions[index - 1], after }) ?? [],
  );
};

/**
 * The events of a stored item: all events of its history, or the event of its current state if it has no
 * history. Throws if this service does not write such an item.
 */
export const eventsOfItem = ({ of, item }: StoredItem): readonly DomainEvent[] => {
  if (of === 'payment') return replayableEventsOf(item as unknown as Payment);
  if (of === 'refund') return replayableRefundEventsOf(item as unknown as Refund);
  if (of === 'points') return pointsEventsOf(item);
  const event = publishedEventOfChange({ of, before: undefined, after: item });

  return event ? [event] : [];
};
