import { type DomainEvent, versionOf } from '../events/domain-event.ts';
import { EventNotBuiltError, eventOrError } from '../events/event-not-built.ts';
import type { Payment } from '../payments/payment.ts';
import { replayPaymentEvent } from '../payments/payment-events.ts';
import type { Refund } from '../refunds/refund.ts';
import { replayRefundEvent } from '../refunds/refund-events.ts';

/** An event of a sale or of its return. */
export type SaleEventName = 'PaymentCompleted' | 'RefundCompleted';

/** A received event that the stored payment or refund does not have. A later delivery fails for the same reason. */
export class EventMismatchError extends Error {
  constructor(eventId: string, reason: string) {
    super(`Event ${eventId} does not match what is stored: ${reason}`);
    this.name = 'EventMismatchError';
  }
}

/** The other fields of a received event are not read. */
const comparedFields = ['paymentId', 'orderId', 'userId', 'amount', 'currency'] as const;

/**
 * Builds a received event again from the item of its payment or refund, whose values are the ones to use. Throws
 * EventMismatchError if there is no such item, if its history has no such event, or if the received event has
 * another id, another amount, or ids of another payment.
 */
export const storedEventOf = <N extends SaleEventName>(
  received: DomainEvent<N>,
  record: Payment | Refund | undefined,
): DomainEvent<N> => {
  const { id, subject } = received;
  if (record === undefined) throw new EventMismatchError(id, `${subject} does not exist.`);
  const stored = eventOrError(() =>
    'refundId' in record
      ? replayRefundEvent(record, 'RefundCompleted')
      : replayPaymentEvent(record, 'PaymentCompleted', versionOf(received)),
  );
  if (stored instanceof EventNotBuiltError) throw new EventMismatchError(id, stored.reason);
  if (stored.id !== id)
    throw new EventMismatchError(id, `the event of ${subject} is ${stored.id}.`);
  const event = stored as DomainEvent<N>;
  for (const field of comparedFields) {
    const [expected, found] = [event.data[field], received.data[field]];
    if (found !== expected)
      throw new EventMismatchError(id, `${field} is ${found}, and ${expected} is stored.`);
  }

  return event;
};
