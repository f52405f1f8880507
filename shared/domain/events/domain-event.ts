import * as z from 'zod';
import { cancelReasons } from '../orders/order.ts';

/** EventBridge `source` of everything that this service publishes. */
export const eventSource = 'aftercommit.payments';

const money = { amount: z.int().nonnegative(), currency: z.string().length(3) };
const payment = { paymentId: z.string(), orderId: z.string(), userId: z.string() };
const refund = { refundId: z.string(), ...payment };
/** Told where it ends a review; absent otherwise. */
const reviewMarker = { fromReview: z.literal(true).optional() };
const line = z.strictObject({ sku: z.string(), quantity: z.int().positive() });

/** What each event says: what its consumers need and no more. Amounts are in minor units, times ISO 8601. */
export const eventData = {
  PaymentReserved: z.strictObject({ ...payment, ...money }),
  PaymentCompleted: z.strictObject({
    ...payment,
    ...money,
    lines: z.array(line),
    completedAt: z.iso.datetime(),
    /** When the buyer asked to cancel it while it was in flight: it is refunded whole. Absent where nobody did. */
    cancelRequestedAt: z.iso.datetime().optional(),
    ...reviewMarker,
  }),
  PaymentFailed: z.strictObject({
    ...payment,
    couponId: z.string().optional(),
    code: z.string(),
    reason: z.string(),
    ...reviewMarker,
  }),
  PaymentOutcomeUnknown: z.strictObject({ ...payment, ...money, attempt: z.int() }),
  PaymentCompensated: z.strictObject({ ...payment, ...money, code: z.string(), ...reviewMarker }),
  PaymentReviewOpened: z.strictObject({ ...payment, ...money, code: z.string() }),
  PaymentLateCaptured: z.strictObject({ ...payment, ...money }),
  PaymentReversed: z.strictObject({ ...payment, ...money, ...reviewMarker }),
  RefundRequested: z.strictObject({ ...refund, ...money }),
  RefundCompleted: z.strictObject({
    ...refund,
    ...money,
    /** The units whose sale is undone: none, where the refund names an amount alone. */
    lines: z.array(line),
    /** What is left of the payment, less all its refunds so far, this one included. */
    remainingAmount: z.int().nonnegative(),
    /** The payment's own version, as this refund left it. */
    paymentVersion: z.int().positive(),
    /** When the payment completed: the day of the sale. */
    soldAt: z.iso.datetime(),
    ...reviewMarker,
  }),
  RefundFailed: z.strictObject({
    ...refund,
    ...money,
    code: z.string(),
    reason: z.string(),
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
    /** What the payment earns by now. */
    points: z.int(),
    /** By how much that differs from before: negative where a refund took points back. */
    change: z.int(),
  }),
} as const;

export type EventName = keyof typeof eventData;
export type EventData<N extends EventName> = z.infer<(typeof eventData)[N]>;

const eventTypeOf = (name: EventName) =>
  `aftercommit.${name.replace(/(?<!^)([A-Z])/g, '.$1').toLowerCase()}.v1`;

/** The CloudEvents 1.0 envelope that travels as EventBridge `detail`. */
export const envelopeSchema = <N extends EventName>(name: N) =>
  z.strictObject({
    specversion: z.literal('1.0'),
    /** `{aggregateId}-{version}`: publishing again gives the same id. */
    id: z.string().min(1),
    source: z.literal(eventSource),
    type: z.literal(eventTypeOf(name)),
    subject: z.string().min(1),
    time: z.iso.datetime(),
    /** W3C trace context of the request that it all began with: the CloudEvents extension "Distributed Tracing". */
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
  /** The `detail-type`; not part of the envelope. */
  readonly name: N;
}

/** The id of the event that tells of one version of an aggregate. */
export const eventIdOf = (subject: string, version: number) => `${subject}-${version}`;

/** What the points of a payment are called where they tell something: the payment's own events have its id, and versions of their own. */
export const pointsSubjectOf = (paymentId: string) => `points_${paymentId}`;

/** An event of one version of an aggregate. The same version gives the same event. */
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

/** Holds the data to the event's own schema: what is missing in an image is a fault, never an event with a hole. */
export const buildEvent = (
  name: EventName,
  source: Parameters<typeof createDomainEvent>[1],
  data: object,
): DomainEvent => createDomainEvent(name, source, eventData[name].parse(data));

/** The version of the aggregate that an event is about. */
export const versionOf = ({ id, subject }: Pick<DomainEvent, 'id' | 'subject'>): number =>
  Number(id.slice(`${subject}-`.length));

/** Which function hears which events. The EventBridge rules are made from it. */
export const subscriptions = {
  'charge-payment': ['PaymentReserved'],
  'inquire-payment': ['PaymentOutcomeUnknown', 'PaymentLateCaptured'],
  'execute-refund': ['RefundRequested'],
  'refund-cancelled-payment': ['PaymentCompleted'],
  'send-to-data-platform': ['PaymentCompleted', 'RefundCompleted'],
  'notify-buyer': [
    'PaymentCompleted',
    'PaymentCompensated',
    'PointsAdded',
    'PointsCorrected',
    'PaymentReversed',
    'RefundCompleted',
    'RefundFailed',
  ],
  'update-ranking': ['PaymentCompleted', 'RefundCompleted'],
  'add-loyalty-points': ['PaymentCompleted', 'RefundCompleted'],
  'open-review': ['PaymentReviewOpened', 'RefundReviewOpened'],
  'close-review': [
    'PaymentCompleted',
    'PaymentFailed',
    'PaymentCompensated',
    'PaymentReversed',
    'RefundCompleted',
    'RefundFailed',
  ],
} as const satisfies Record<string, readonly EventName[]>;

/** The events that the queue of a function receives. */
export type SubscribedEventName<Name extends keyof typeof subscriptions> =
  (typeof subscriptions)[Name][number];

/** Who hears of its events those alone of which the data has a certain field: the others cost nothing. */
export const subscriptionFilters: Partial<
  Record<keyof typeof subscriptions, 'cancelRequestedAt' | 'fromReview'>
> = {
  'refund-cancelled-payment': 'cancelRequestedAt',
  'close-review': 'fromReview',
};

/** What starts the compensation state machine. */
export const compensationTrigger = 'PaymentFailed' satisfies EventName;
