import * as z from 'zod';
import { imageLine } from '../events/aggregate-events.ts';
import {
  buildEvent,
  type DomainEvent,
  type EventName,
  pointsSubjectOf,
} from '../events/domain-event.ts';
import { buildOrThrow, type OutboxEntity } from '../events/event-not-built.ts';
import { subscriptions } from '../events/subscriptions.ts';
import { cancelReasons } from '../orders/order.ts';
import { paymentEventOfChange } from '../payments/payment-events.ts';
import { refundEventOfChange } from '../refunds/refund-events.ts';

/** One write to a table: the item before it, if there was one, and after it, as plain values. */
export interface StreamChange {
  readonly of: OutboxEntity;
  readonly before: unknown;
  readonly after: unknown;
}

const orderState = z.object({ status: z.string() });

const orderImage = z.object({
  orderId: z.string().min(1),
  userId: z.string(),
  version: z.int(),
  updatedAt: z.iso.datetime(),
  traceparent: z.string().optional(),
  activePaymentId: z.string().optional(),
  cancelReason: z.enum(cancelReasons).optional(),
  lines: z.array(imageLine),
});

const pointsImage = z.object({
  userId: z.string(),
  paymentId: z.string().min(1),
  points: z.int(),
  version: z.int(),
  at: z.iso.datetime(),
  traceparent: z.string().optional(),
});

const orderEventOfChange = (before: unknown, after: unknown): DomainEvent | undefined => {
  const from = orderState.optional().parse(before)?.status;
  const { status } = orderState.parse(after);
  if (from === status || (status !== 'COMPLETED' && status !== 'CANCELLED')) return undefined;
  const { orderId, userId, version, updatedAt, traceparent, ...order } = orderImage.parse(after);
  const source = { subject: orderId, version, at: updatedAt, traceparent };
  if (status === 'COMPLETED') {
    return buildEvent('OrderCompleted', source, {
      orderId,
      userId,
      paymentId: order.activePaymentId,
    });
  }
  const items = order.lines.map(({ sku, quantity }) => ({ sku, quantity }));

  return buildEvent('OrderCancelled', source, {
    orderId,
    userId,
    items,
    reason: order.cancelReason,
  });
};

/**
 * The first entry of a payment adds points, a later one corrects them. An entry that changes nothing has no
 * event.
 */
const pointsEventOfChange = (before: unknown, after: unknown): DomainEvent | undefined => {
  const { userId, paymentId, points, version, at, traceparent } = pointsImage.parse(after);
  const change = points - (before === undefined ? 0 : pointsImage.parse(before).points);
  if (change === 0) return undefined;
  const source = { subject: pointsSubjectOf(paymentId), version, at, traceparent };

  return before === undefined
    ? buildEvent('PointsAdded', source, { userId, paymentId, points })
    : buildEvent('PointsCorrected', source, { userId, paymentId, points, change });
};

const converters = {
  payment: paymentEventOfChange,
  refund: refundEventOfChange,
  order: orderEventOfChange,
  points: pointsEventOfChange,
};

/**
 * Returns the event of a change, if it has one. Depends on the two images alone: the same change gives the
 * same event each time. Throws EventNotBuiltError if an image is not valid or the transition table does not
 * have the change.
 */
export const eventOfChange = ({ of, before, after }: StreamChange): DomainEvent | undefined =>
  buildOrThrow({ of, image: after }, () => converters[of](before, after));

/** Each says nothing that another event of the same transaction does not say. */
const repeatingEvents: readonly EventName[] = ['OrderCompleted'];

/** Whether an event is published. One that repeats another needs a consumer that subscribes to it. */
export const isPublished = (
  name: EventName,
  consumers: Readonly<Record<string, readonly EventName[]>> = subscriptions,
): boolean =>
  !repeatingEvents.includes(name) ||
  Object.values(consumers).some((subscribed) => subscribed.includes(name));

/** The event of a change, if it has one that is published. Throws as `eventOfChange`. */
export const publishedEventOfChange = (change: StreamChange): DomainEvent | undefined => {
  const event = eventOfChange(change);

  return event && isPublished(event.name) ? event : undefined;
};
