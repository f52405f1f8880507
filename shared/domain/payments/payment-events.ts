import * as z from 'zod';
import {
  aggregateImage,
  createAggregateEvents,
  failureForBuyer,
  imageLine,
} from '../events/aggregate-events.ts';
import { buildEvent, type DomainEvent, type EventName, versionOf } from '../events/domain-event.ts';
import { buildOrThrow } from '../events/event-not-built.ts';
import { buyerFailureOf } from './buyer-failure.ts';
import type { Payment, PaymentHistoryEntry, PaymentStatus } from './payment.ts';
import { paymentTransitions } from './payment-transition-table.ts';
import {
  type PaymentTransitionName,
  paymentEventOfEntry,
  paymentTransitionOf,
} from './payment-transitions.ts';
import { refundUnconfirmed } from './refundable.ts';

const paymentState = z.object({
  status: z.enum(Object.values(paymentTransitions).map(({ to }) => to)),
});

/** Lenient: an invalid field stops only the events that carry it. */
const paymentImage = paymentState.extend(aggregateImage.shape).extend({
  paymentId: z.string().min(1),
  couponId: z.unknown().optional(),
  attempt: z.unknown().optional(),
  lastAttempt: z.unknown().optional(),
  dispute: z
    .object({ id: z.unknown(), amount: z.unknown(), status: z.unknown() })
    .optional()
    .catch(undefined),
  refundedElsewhere: z.unknown().optional(),
  gatewayAmount: z.unknown().optional(),
  reservation: z
    .object({ balance: z.unknown().optional(), lines: z.array(imageLine) })
    .optional()
    .catch(undefined),
  cancelRequestedAt: z.unknown().optional(),
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
/** With the parts of the amount, of which the balance's is what the reservation holds. */
const withTenders = (payment: PaymentImage) => ({
  ...paymentIds(payment),
  ...money(payment),
  balanceAmount: payment.reservation?.balance,
  gatewayAmount: payment.gatewayAmount,
});

const disputeOf = (payment: PaymentImage) => ({
  ...paymentIds(payment),
  ...money(payment),
  disputeId: payment.dispute?.id,
  disputedAmount: payment.dispute?.amount,
});

const reviewMarker = (from?: PaymentStatus) => from === 'IN_REVIEW' && { fromReview: true };

const failureOf = failureForBuyer(buyerFailureOf);

const reviewCodes: Partial<Record<PaymentStatus, string>> = {
  FAILED: 'compensation-incomplete',
  LATE_CAPTURED: refundUnconfirmed,
};

const paymentEventData: Record<
  PaymentEventName,
  (payment: PaymentImage, from?: PaymentStatus) => object
> = {
  PaymentReserved: withTenders,
  PaymentMethodRequired: withTenders,
  PaymentActionRequired: withTenders,
  PaymentDeclined: (payment) => ({ ...withTenders(payment), ...failureOf(payment) }),
  PaymentCompleted: (payment, from) => ({
    ...withTenders(payment),
    lines: payment.reservation?.lines.map(({ sku, quantity }) => ({ sku, quantity })),
    completedAt: payment.updatedAt,
    cancelRequestedAt: payment.cancelRequestedAt,
    ...reviewMarker(from),
  }),
  PaymentFailed: (payment, from) => ({
    ...paymentIds(payment),
    couponId: payment.couponId,
    ...failureOf(payment),
    ...reviewMarker(from),
  }),
  PaymentCompensationStarted: paymentIds,
  PaymentOutcomeUnknown: (payment) => ({
    ...paymentIds(payment),
    ...money(payment),
    attempt: payment.attempt,
  }),
  PaymentCompensated: (payment, from) => ({
    ...paymentIds(payment),
    ...money(payment),
    code: failureOf(payment).code,
    ...reviewMarker(from),
  }),
  PaymentReviewOpened: (payment, from) => ({
    ...withTenders(payment),
    // A failed payment keeps the code of its failure, which is not the reason of the review.
    code: (from && reviewCodes[from]) ?? payment.failure?.code,
  }),
  PaymentDisputed: disputeOf,
  DisputeClosed: (payment) => ({ ...disputeOf(payment), outcome: payment.dispute?.status }),
  PaymentRefundedElsewhere: (payment) => ({
    ...paymentIds(payment),
    ...money(payment),
    refundedElsewhere: payment.refundedElsewhere,
  }),
  PaymentLateCaptured: (payment) => ({ ...paymentIds(payment), ...money(payment) }),
  PaymentReversed: (payment, from) => ({
    ...paymentIds(payment),
    ...money(payment),
    ...reviewMarker(from),
  }),
};

/** A payment has one failure and counts its attempts: an earlier attempt had another failure and number. */
const imageAt = (
  image: PaymentImage,
  { history }: { readonly history: readonly PaymentHistoryEntry[] },
  version: number,
): PaymentImage => {
  const { failure = image.failure } = history.find((entry) => entry.version === version) ?? {};
  const later = history.filter((entry) => entry.version > version && isKeptDecline(entry));

  const lastAttempt = Number(image.lastAttempt ?? image.attempt);

  return { ...image, failure, attempt: lastAttempt - later.length };
};

const isKeptDecline = (entry: PaymentHistoryEntry): boolean =>
  paymentEventOfEntry(entry) === 'PaymentDeclined';

const paymentEvents = createAggregateEvents<PaymentStatus, PaymentEventName, PaymentImage>({
  of: 'payment',
  state: paymentState,
  image: paymentImage,
  idOf: ({ paymentId }) => paymentId,
  transitionOf: paymentTransitionOf,
  eventOfEntry: paymentEventOfEntry,
  dataOf: paymentEventData,
  imageAt,
});

/** The event of a change of a payment's item, if it has one. */
export const paymentEventOfChange = paymentEvents.eventOfChange;

/**
 * Builds the last event of a name in the payment's history again, or that of a version, with the same id and data.
 * Throws EventNotBuiltError if the history has none, or if the item does not match the event's schema.
 */
export const replayPaymentEvent = (
  payment: Payment,
  name: PaymentEventName,
  version?: number,
): DomainEvent => paymentEvents.replay(payment.paymentId, payment, name, version);

/** The events that each attempt can have, with data that stays the same. */
const eventsOfAttempts: readonly PaymentEventName[] = [
  'PaymentReserved',
  'PaymentActionRequired',
  'PaymentDeclined',
  'PaymentOutcomeUnknown',
];

/** Builds an event of a name again for each attempt that had it; of other events the last one. */
export const replayPaymentEvents = (
  payment: Payment,
  name: PaymentEventName,
): readonly DomainEvent[] =>
  eventsOfAttempts.includes(name)
    ? payment.history
        .filter((entry) => paymentEventOfEntry(entry) === name)
        .map(({ version }) => replayPaymentEvent(payment, name, version))
    : [replayPaymentEvent(payment, name)];

/**
 * The event that starts an inquiry about a payment. An attempt that was never UNKNOWN has no
 * PaymentOutcomeUnknown in the history: then the event takes the version of the claim, which has no event of
 * its own.
 */
export const inquiryEventOf = (payment: Payment): DomainEvent => {
  const { paymentId: subject, history, traceparent } = payment;
  const claim = history?.findLast(({ to }) => to === 'UNKNOWN' || to === 'CHARGING');
  if (claim?.to === 'UNKNOWN') return replayPaymentEvent(payment, 'PaymentOutcomeUnknown');
  const source = { of: 'payment', image: payment, version: claim?.version } as const;

  return buildOrThrow(source, () => {
    if (!claim) throw new Error(`${subject} was never claimed, so the gateway has no charge.`);
    const { version, at } = claim;
    const image = imageAt(paymentImage.parse(payment), payment, version);
    const data = paymentEventData.PaymentOutcomeUnknown(image);

    return buildEvent('PaymentOutcomeUnknown', { subject, version, at, traceparent }, data);
  });
};

/** Whether the function `by` has written a version of the payment after the one that the event is about. */
export const isHandledBy = (
  by: string,
  event: Pick<DomainEvent, 'id' | 'subject'>,
  { history }: Payment,
): boolean => history.some((entry) => entry.by === by && entry.version > versionOf(event));
