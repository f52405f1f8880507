import * as z from 'zod';
import { IllegalTransitionError } from '../errors.ts';
import {
  buildEvent,
  type DomainEvent,
  type EventName,
  pointsSubjectOf,
} from '../events/domain-event.ts';
import { buildOrThrow } from '../events/event-not-built.ts';
import { cancelReasons } from '../orders/order.ts';
import { refundEventOfChange } from '../refunds/refund-events.ts';
import type { Payment } from './payment.ts';
import {
  type PaymentStatus,
  type PaymentTransitionName,
  paymentTransitionEvent,
  paymentTransitionOf,
  paymentTransitions,
} from './payment-transitions.ts';

/** One write to a table: the item before it, if there was one, and after it, as plain values. */
export interface StreamChange {
  readonly of: 'payment' | 'refund' | 'order' | 'earning';
  readonly before: unknown;
  readonly after: unknown;
}

const line = z.object({ sku: z.string(), quantity: z.int() });

const paymentState = z.object({
  status: z.enum(Object.values(paymentTransitions).map(({ to }) => to)),
});

/** What an event says of a payment is checked by the event's own schema: a wrong amount spoils no event that does not tell it. */
const paymentImage = paymentState.extend({
  paymentId: z.string().min(1),
  version: z.int().positive(),
  updatedAt: z.iso.datetime(),
  traceparent: z.string().optional().catch(undefined),
  orderId: z.unknown().optional(),
  userId: z.unknown().optional(),
  amount: z.unknown().optional(),
  currency: z.unknown().optional(),
  couponId: z.unknown().optional(),
  attempt: z.unknown().optional(),
  reservation: z
    .object({ lines: z.array(line) })
    .optional()
    .catch(undefined),
  failure: z
    .object({ code: z.unknown().optional(), reason: z.unknown().optional() })
    .optional()
    .catch(undefined),
  cancelRequestedAt: z.unknown().optional(),
});

const orderState = z.object({ status: z.string() });

const orderImage = z.object({
  orderId: z.string().min(1),
  userId: z.string(),
  version: z.int(),
  updatedAt: z.iso.datetime(),
  traceparent: z.string().optional(),
  activePaymentId: z.string().optional(),
  cancelReason: z.enum(cancelReasons).optional(),
  lines: z.array(line),
});

const pointsImage = z.object({
  userId: z.string(),
  paymentId: z.string().min(1),
  points: z.int(),
  version: z.int(),
  at: z.iso.datetime(),
  traceparent: z.string().optional(),
});

type PaymentImage = z.infer<typeof paymentImage>;
export type PaymentEventName = Extract<
  (typeof paymentTransitions)[PaymentTransitionName],
  { event: EventName }
>['event'];

const paymentIds = ({ paymentId, orderId, userId }: PaymentImage) => ({
  paymentId,
  orderId,
  userId,
});
const money = ({ amount, currency }: PaymentImage) => ({ amount, currency });

const reviewMarker = (from?: PaymentStatus) => from === 'IN_REVIEW' && { fromReview: true };

const reviewCodes: Partial<Record<PaymentStatus, string>> = {
  FAILED: 'compensation-incomplete',
  LATE_CAPTURED: 'refund-unconfirmed',
};

const paymentEventData: Record<
  PaymentEventName,
  (payment: PaymentImage, from?: PaymentStatus) => object
> = {
  PaymentReserved: (payment) => ({ ...paymentIds(payment), ...money(payment) }),
  PaymentCompleted: (payment, from) => ({
    ...paymentIds(payment),
    ...money(payment),
    lines: payment.reservation?.lines.map(({ sku, quantity }) => ({ sku, quantity })),
    completedAt: payment.updatedAt,
    cancelRequestedAt: payment.cancelRequestedAt,
    ...reviewMarker(from),
  }),
  PaymentFailed: (payment, from) => ({
    ...paymentIds(payment),
    couponId: payment.couponId,
    code: payment.failure?.code,
    reason: payment.failure?.reason,
    ...reviewMarker(from),
  }),
  PaymentOutcomeUnknown: (payment) => ({
    ...paymentIds(payment),
    ...money(payment),
    attempt: payment.attempt,
  }),
  PaymentCompensated: (payment, from) => ({
    ...paymentIds(payment),
    ...money(payment),
    code: payment.failure?.code,
    ...reviewMarker(from),
  }),
  PaymentReviewOpened: (payment, from) => ({
    ...paymentIds(payment),
    ...money(payment),
    // A failed payment keeps the code of its refusal, and that is not what the review is about.
    code: (from && reviewCodes[from]) ?? payment.failure?.code,
  }),
  PaymentLateCaptured: (payment) => ({ ...paymentIds(payment), ...money(payment) }),
  PaymentReversed: (payment, from) => ({
    ...paymentIds(payment),
    ...money(payment),
    ...reviewMarker(from),
  }),
};

const paymentEventOfChange = (before: unknown, after: unknown): DomainEvent | undefined => {
  const from = paymentState.optional().parse(before)?.status;
  const { status } = paymentState.parse(after);
  if (from === status) return undefined;
  const transition = paymentTransitionOf(from, status);
  if (!transition) throw new IllegalTransitionError('The payment', from ?? 'nothing', status);
  const event = transition.event as PaymentEventName | undefined;
  if (event === undefined) return undefined;
  const payment = paymentImage.parse(after);
  const { paymentId, version, updatedAt, traceparent } = payment;
  const of = { subject: paymentId, version, at: updatedAt, traceparent };

  return buildEvent(event, of, paymentEventData[event](payment, from));
};

/**
 * The last event of a name in a payment's own journal, made again from the payment as it is stored: the id and the data are those of the
 * first time, so that whoever heard it then knows it. Throws EventNotBuiltError if the journal has none, or the payment is none that the
 * event's schema takes.
 */
export const replayPaymentEvent = (payment: Payment, name: PaymentEventName): DomainEvent => {
  const { paymentId, history } = payment;
  // An item without a journal is one more that cannot be told.
  const entry = history?.findLast(({ from, to }) => paymentTransitionEvent(from, to) === name);
  const source = { of: 'payment', image: payment, version: entry?.version } as const;

  return buildOrThrow(source, () => {
    if (!entry) throw new Error(`The journal of ${paymentId} has no ${name}.`);
    const { version, at, from } = entry;
    // As it was then: refunds have moved a completed payment since.
    const image = { ...paymentImage.parse(payment), updatedAt: at };
    const of = { subject: paymentId, version, at, traceparent: image.traceparent };

    return buildEvent(name, of, paymentEventData[name](image, from));
  });
};

/**
 * The event that has the PG asked about a payment. What the PG declined was never unknown: its journal tells no such event, and this one is
 * of the version of its claim, which tells none of its own.
 */
export const inquiryEventOf = (payment: Payment): DomainEvent => {
  const { paymentId: subject, history, traceparent } = payment;
  if (history?.some(({ to }) => to === 'UNKNOWN'))
    return replayPaymentEvent(payment, 'PaymentOutcomeUnknown');
  const claim = history?.findLast(({ to }) => to === 'CHARGING');
  const source = { of: 'payment', image: payment, version: claim?.version } as const;

  return buildOrThrow(source, () => {
    if (!claim) throw new Error(`${subject} was never claimed: the PG has nothing of it.`);
    const { version, at } = claim;
    const data = paymentEventData.PaymentOutcomeUnknown(paymentImage.parse(payment));

    return buildEvent('PaymentOutcomeUnknown', { subject, version, at, traceparent }, data);
  });
};

const orderEventOfChange = (before: unknown, after: unknown): DomainEvent | undefined => {
  const from = orderState.optional().parse(before)?.status;
  const { status } = orderState.parse(after);
  if (from === status || (status !== 'COMPLETED' && status !== 'CANCELLED')) return undefined;
  const { orderId, userId, version, updatedAt, traceparent, ...order } = orderImage.parse(after);
  const of = { subject: orderId, version, at: updatedAt, traceparent };
  if (status === 'COMPLETED') {
    return buildEvent('OrderCompleted', of, { orderId, userId, paymentId: order.activePaymentId });
  }
  const items = order.lines.map(({ sku, quantity }) => ({ sku, quantity }));

  return buildEvent('OrderCancelled', of, { orderId, userId, items, reason: order.cancelReason });
};

/** The first entry of a payment adds points, a later one corrects them. What changes nothing is not told. */
const pointsEventOfChange = (before: unknown, after: unknown): DomainEvent | undefined => {
  const { userId, paymentId, points, version, at, traceparent } = pointsImage.parse(after);
  const change = points - (before === undefined ? 0 : pointsImage.parse(before).points);
  if (change === 0) return undefined;
  const of = { subject: pointsSubjectOf(paymentId), version, at, traceparent };

  return before === undefined
    ? buildEvent('PointsAdded', of, { userId, paymentId, points })
    : buildEvent('PointsCorrected', of, { userId, paymentId, points, change });
};

const converters = {
  payment: paymentEventOfChange,
  refund: refundEventOfChange,
  order: orderEventOfChange,
  earning: pointsEventOfChange,
};

/**
 * The event that a change is told by, if any: a function of the two images alone, so that the same change gives the same event however
 * often it comes. Throws EventNotBuiltError where an image or a move is none that the service makes.
 */
export const eventOfChange = ({ of, before, after }: StreamChange): DomainEvent | undefined =>
  buildOrThrow({ of, image: after }, () => converters[of](before, after));
