import type { DomainEvent } from '../../domain/events/domain-event.ts';
import { eventOfChange } from '../../domain/outbox/outbox-event.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import { type PaymentEventName, replayPaymentEvent } from '../../domain/payments/payment-events.ts';
import { paymentTransitionEvent } from '../../domain/payments/payment-transitions.ts';
import { type Refund, refundTransitionOf } from '../../domain/refunds/refund.ts';
import { type RefundEventName, replayRefundEvent } from '../../domain/refunds/refund-events.ts';
import type { StoredItem } from '../../persistence/stored-items.ts';

/** A review that is over needs no telling, and why it was opened may be gone with it. */
const isReviewClosed = (name: string, status: string) =>
  (name === 'PaymentReviewOpened' && status !== 'IN_REVIEW') ||
  (name === 'RefundReviewOpened' && status !== 'UNDER_REVIEW');

const eventNames = <E extends string>(
  status: string,
  names: readonly (string | undefined)[],
): E[] =>
  [...new Set(names)].filter((name) => name !== undefined && !isReviewClosed(name, status)) as E[];

/** Every event that a payment's journal tells of, made again: who heard one knows it by its id. */
export const replayableEventsOf = (payment: Payment): readonly DomainEvent[] =>
  eventNames<PaymentEventName>(
    payment.status,
    payment.history.map(({ from, to }) => paymentTransitionEvent(from, to)),
  ).map((name) => replayPaymentEvent(payment, name));

const replayableRefundEventsOf = (refund: Refund): readonly DomainEvent[] =>
  eventNames<RefundEventName>(
    refund.status,
    refund.history.map(({ from, to }) => refundTransitionOf(from, to)?.event),
  ).map((name) => replayRefundEvent(refund, name));

/** What was committed, as events: all that its journal tells; without one, what it has come to. Throws where it is nothing that we write. */
export const eventsOfItem = ({ of, item }: StoredItem): readonly DomainEvent[] => {
  if (of === 'payment') return replayableEventsOf(item as unknown as Payment);
  if (of === 'refund') return replayableRefundEventsOf(item as unknown as Refund);
  // Only its first version is told; whoever heard it then knows it by that.
  const after = of === 'earning' ? { ...item, version: 1 } : item;
  const event = eventOfChange({ of, before: undefined, after });

  return event ? [event] : [];
};
