import * as z from 'zod';
import {
  aggregateImage,
  createAggregateEvents,
  failureForBuyer,
  imageLine,
} from '../events/aggregate-events.ts';
import type { DomainEvent, EventName } from '../events/domain-event.ts';
import { mergeLines } from '../orders/order.ts';
import { buyerRefundFailureOf } from '../payments/buyer-failure.ts';
import { balanceAmountOf } from '../payments/tenders.ts';
import {
  type Refund,
  type RefundStatus,
  type RefundTransitionName,
  refundEventOfEntry,
  refundTransitionOf,
  refundTransitions,
} from './refund.ts';

const refundState = z.object({
  status: z.enum(Object.values(refundTransitions).map(({ to }) => to)),
});

/** Lenient: an invalid field stops only the events that carry it. */
const refundImage = refundState.extend(aggregateImage.shape).extend({
  refundId: z.string().min(1),
  paymentId: z.unknown().optional(),
  gatewayAmount: z.unknown().optional(),
  lines: z.array(imageLine).optional().catch(undefined),
  remainingAmount: z.unknown().optional(),
  paymentVersion: z.unknown().optional(),
  soldAt: z.unknown().optional(),
});

type RefundImage = z.infer<typeof refundImage>;
export type RefundEventName = Extract<
  (typeof refundTransitions)[RefundTransitionName],
  { event: EventName }
>['event'];

const refundIds = ({ refundId, paymentId, orderId, userId, amount, currency }: RefundImage) => ({
  refundId,
  paymentId,
  orderId,
  userId,
  amount,
  currency,
});

/** With the parts of the amount, if the image has them. */
const withTenders = (refund: RefundImage) => {
  const { amount, gatewayAmount } = refund;
  const isSplit = typeof amount === 'number' && typeof gatewayAmount === 'number';

  return {
    ...refundIds(refund),
    gatewayAmount,
    ...(isSplit && { balanceAmount: balanceAmountOf({ amount, gatewayAmount }) }),
  };
};

const reviewMarker = (from?: RefundStatus) => from === 'UNDER_REVIEW' && { fromReview: true };

const failureOf = failureForBuyer(buyerRefundFailureOf);

const refundEventData: Record<
  RefundEventName,
  (refund: RefundImage, from?: RefundStatus) => object
> = {
  RefundRequested: withTenders,
  RefundCompleted: (refund, from) => ({
    ...withTenders(refund),
    // Consumers count the units of a SKU, restocked or not.
    lines: refund.lines && mergeLines(refund.lines),
    remainingAmount: refund.remainingAmount,
    paymentVersion: refund.paymentVersion,
    soldAt: refund.soldAt,
    ...reviewMarker(from),
  }),
  RefundFailed: (refund, from) => ({
    ...refundIds(refund),
    ...failureOf(refund),
    ...reviewMarker(from),
  }),
  RefundReviewOpened: (refund) => ({ ...refundIds(refund), code: refund.failure?.code }),
};

const refundEvents = createAggregateEvents<RefundStatus, RefundEventName, RefundImage>({
  of: 'refund',
  state: refundState,
  image: refundImage,
  idOf: ({ refundId }) => refundId,
  transitionOf: refundTransitionOf,
  eventOfEntry: refundEventOfEntry,
  dataOf: refundEventData,
});

/** The event of a change of a refund's item, if it has one. */
export const refundEventOfChange = refundEvents.eventOfChange;

/**
 * Builds the last event of a name in the refund's history again, with the same id and data. Throws
 * EventNotBuiltError if the history has none, or if the item does not match the event's schema.
 */
export const replayRefundEvent = (refund: Refund, name: RefundEventName): DomainEvent =>
  refundEvents.replay(refund.refundId, refund, name);
