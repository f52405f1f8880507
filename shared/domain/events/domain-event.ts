import * as z from 'zod';
import { cancelReasons } from '../orders/order.ts';

/** EventBridge `source` of all events of this service. */
export const eventSource = 'aftercommit.payments';

const money = { amount: z.int().nonnegative(), currency: z.string().length(3) };
/** The parts of `amount`: what the balance pays or gets back, and what the gateway charges or refunds. */
const tenders = {
  balanceAmount: z.int().nonnegative().optional(),
  gatewayAmount: z.int().nonnegative().optional(),
};
const payment = { paymentId: z.string(), orderId: z.string(), userId: z.string() };
const dispute = {
  /** The gateway's id of the dispute. */
  disputeId: z.string(),
  /** The disputed part of the charge, in minor units. */
  disputedAmount: z.int().nonnegative(),
};
const refund = { refundId: z.string(), ...payment };
/** Present if the transition ends a review. */
const reviewMarker = { fromReview: z.literal(true).optional() };
const line = z.strictObject({ sku: z.string(), quantity: z.int().positive() });

/** As the buyer sees it: never the gateway's own code or words. */
const failure = {
  code: z.string().meta({
    description: 'A code of the list "Failure codes" in docs/api.md. New values may be added.',
  }),
  reason: z.string(),
};

/** The data of each event: only what its consumers need. Amounts are in minor units, times ISO 8601. */
export const eventData = {
  PaymentReserved: z.strictObject({ ...payment, ...money, ...tenders }),
  PaymentMethodRequired: z.strictObject({ ...payment, ...money, ...tenders }),
  PaymentActionRequired: z.strictObject({ ...payment, ...money, ...tenders }),
  /** The payment waits for another payment method. */
  PaymentDeclined: z.strictObject({ ...payment, ...money, ...tenders, ...failure }),
  PaymentCompleted: z.strictObject({
    ...payment,
    ...money,
    ...tenders,
    lines: z.array(line),
    completedAt: z.iso.datetime(),
    /**
     * When the buyer requested cancellation while the charge was in flight. The payment is refunded in full.
     */
    cancelRequestedAt: z.iso.datetime().optional(),
    ...reviewMarker,
  }),
  PaymentFailed: z.strictObject({
    ...payment,
    couponId: z.string().optional(),
    ...failure,
    ...reviewMarker,
  }),
  /** The workflow compensates the payment step by step. */
  PaymentCompensationStarted: z.strictObject(payment),
  PaymentOutcomeUnknown: z.strictObject({ ...payment, ...money, attempt: z.int() }),
  PaymentCompensated: z.strictObject({
    ...payment,
    ...money,
    code: failure.code,
    ...reviewMarker,
  }),
  PaymentReviewOpened: z.strictObject({ ...payment, ...money, ...tenders, code: z.string() }),
  PaymentDisputed: z.strictObject({ ...payment, ...money, ...dispute }),
  DisputeClosed: z.strictObject({
    ...payment,
    ...money,
    ...dispute,
    /** `won`: the merchant keeps the money. */
    outcome: z.enum(['won', 'lost']),
  }),
  PaymentRefundedElsewhere: z.strictObject({
    ...payment,
    ...money,
    /** Minor units that the gateway refunded without this service and that are not booked. */
    refundedElsewhere: z.int().nonnegative(),
  }),
  PaymentLateCaptured: z.strictObject({ ...payment, ...money }),
  PaymentReversed: z.strictObject({ ...payment, ...money, ...reviewMarker }),
  RefundRequested: z.strictObject({ ...refund, ...money, ...tenders }),
  RefundCompleted: z.strictObject({
    ...refund,
    ...money,
    ...tenders,
    /** The refunded units. Empty if the refund names an amount. */
    lines: z.array(line),
    /** The payment's amount less all its refunds, including this one. */
    remainingAmount: z.int().nonnegative(),
    /** The payment's version after this refund. */
    paymentVersion: z.int().positive(),
    /** When the payment completed. */
    soldAt: z.iso.datetime(),
    ...reviewMarker,
  }),
  RefundFailed: z.strictObject({
    ...refund,
    ...money,
    ...failure,
    ...reviewMarker,
  }),
  RefundReviewOpened: z.strictObject({ ...refund, ...money, code: z.string() }),
  OrderCompleted: z.strictObject({
    orderId: z.string(),
    userId: z.string(),
    paymentId: z.string(),
  }),
  OrderCancelled: z.strictObject({
    orderId: z.string(),
    userId: z.string(),
    items: z.array(line),
    /** Why it was cancelled. */
    reason: z.enum(cancelReasons).optional(),
  }),
  PointsAdded: z.strictObject({
    userId: z.string(),
    paymentId: z.string(),
    points: z.int(),
  }),
  PointsCorrected: z.strictObject({
    userId: z.string(),
    paymentId: z.string(),
    /** The points of the payment after the correction. */
    points: z.int(),
    /** The difference from before. Negative after a refund. */
    change: z.int(),
  }),
} as const;

export type EventName = keyof typeof eventData;
export type EventData<N extends EventName> = z.infer<(typeof eventData)[N]>;

const eventTypeOf = (name: EventName) =>
  `aftercommit.${name.replace(/(?<!^)([A-Z])/g, '.$1').toLowerCase()}.v1`;

/** The CloudEvents 1.0 envelope in the EventBridge `detail`, as a producer writes it: with these fields and no others. */
export const envelopeSchema = <N extends EventName>(name: N) =>
  z.strictObject({
    specversion: z.literal('1.0'),
    /** `{aggregateId}-{version}`: a replay has the same id. */
    id: z.string().min(1),
    source: z.literal(eventSource),
    type: z.literal(eventTypeOf(name)),
    subject: z.string().min(1),
    time: z.iso.datetime(),
    /** W3C trace context of the first request: the CloudEvents extension "Distributed Tracing". */
    traceparent: z.string().optional(),
    data: eventData[name],
  });

export interface DomainEvent<N extends EventName = EventName> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: typeof eventSource;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly traceparent?: string;
  readonly data: EventData<N>;
  /** The EventBridge `detail-type`. Not part of the envelope. */
  readonly name: N;
}

/** The id of the event of one version of an aggregate. */
export const eventIdOf = (subject: string, version: number) => `${subject}-${version}`;

/** The subject of a payment's points events. Their versions differ from those of the payment. */
export const pointsSubjectOf = (paymentId: string) => `points_${paymentId}`;

/** Creates the event of one version of an aggregate. The same version gives the same event. */
export const createDomainEvent = <N extends EventName>(
  name: N,
  source: { subject: string; version: number; at: string; traceparent?: string | undefined },
  data: EventData<N>,
): DomainEvent<N> => ({
  name,
  specversion: '1.0',
  id: eventIdOf(source.subject, source.version),
  source: eventSource,
  type: eventTypeOf(name),
  subject: source.subject,
  time: source.at,
  ...(source.traceparent && { traceparent: source.traceparent }),
  data,
});

/**
 * Creates an event after validating its data; throws ZodError if the data does not match the event's schema.
 */
export const buildEvent = (
  name: EventName,
  source: Parameters<typeof createDomainEvent>[1],
  data: object,
): DomainEvent => createDomainEvent(name, source, eventData[name].parse(data));

/** The aggregate version in an event's id. */
export const versionOf = ({ id, subject }: Pick<DomainEvent, 'id' | 'subject'>): number =>
  Number(id.slice(`${subject}-`.length));
