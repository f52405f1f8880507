import * as z from 'zod';
import { IllegalTransitionError } from '../errors.ts';
import { buildEvent, type DomainEvent, type EventName } from '../events/domain-event.ts';
import { buildOrThrow } from '../events/event-not-built.ts';
import { mergeLines } from '../orders/order.ts';
import {
  type Refund,
  type RefundStatus,
  type RefundTransitionName,
  refundTransitionOf,
  refundTransitions,
} from './refund.ts';

const line = z.object({ sku: z.string(), quantity: z.int() });

const refundState = z.object({
  status: z.enum(Object.values(refundTransitions).map(({ to }) => to)),
});

/** As with a payment, what an event says of it is checked by the event's own schema. */
const refundImage = refundState.extend({
  refundId: z.string().min(1),
  version: z.int().positive(),
  updatedAt: z.iso.datetime(),
  traceparent: z.string().optional().catch(undefined),
  paymentId: z.unknown().optional(),
  orderId: z.unknown().optional(),
  userId: z.unknown().optional(),
  amount: z.unknown().optional(),
  currency: z.unknown().optional(),
  lines: z.array(line).optional().catch(undefined),
  failure: z
    .object({ code: z.unknown().optional(), reason: z.unknown().optional() })
    .optional()
    .catch(undefined),
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

const reviewMarker = (from?: RefundStatus) => from === 'UNDER_REVIEW' && { fromReview: true };

const refundEventData: Record<
  RefundEventName,
  (refund: RefundImage, from?: RefundStatus) => object
> = {
  RefundRequested: refundIds,
  RefundCompleted: (refund, from) => ({
    ...refundIds(refund),
    // Who hears of it counts units of a sku, wherever they went.
    lines: refund.lines && mergeLines(refund.lines),
    remainingAmount: refund.remainingAmount,
    paymentVersion: refund.paymentVersion,
    soldAt: refund.soldAt,
    ...reviewMarker(from),
  }),
  RefundFailed: (refund, from) => ({
    ...refundIds(refund),
    code: refund.failure?.code,
    reason: refund.failure?.reason,
    ...reviewMarker(from),
  }),
  RefundReviewOpened: (refund) => ({ ...refundIds(refund), code: refund.failure?.code }),
};

/** The event that a change of a refund is told by, if any. */
export const refundEventOfChange = (before: unknown, after: unknown): DomainEvent | undefined => {
  const from = refundState.optional().parse(before)?.status;
  const { status } = refundState.parse(after);
  if (from === status) return undefined;
  const transition = refundTransitionOf(from, status);
  if (!transition) throw new IllegalTransitionError('The refund', from ?? 'nothing', status);
  const event = transition.event as RefundEventName | undefined;
  if (event === undefined) return undefined;
  const refund = refundImage.parse(after);
  const { refundId, version, updatedAt, traceparent } = refund;
  const of = { subject: refundId, version, at: updatedAt, traceparent };

  return buildEvent(event, of, refundEventData[event](refund, from));
};

/** As with a payment: the last event of a name in a refund's own journal, made again from the refund as it is stored. */
export const replayRefundEvent = (refund: Refund, name: RefundEventName): DomainEvent => {
  const { refundId, history } = refund;
  const entry = history?.findLast(({ from, to }) => refundTransitionOf(from, to)?.event === name);
  const source = { of: 'refund', image: refund, version: entry?.version } as const;

  return buildOrThrow(source, () => {
    if (!entry) throw new Error(`The journal of ${refundId} has no ${name}.`);
    const { version, at, from } = entry;
    const image = refundImage.parse(refund);
    const of = { subject: refundId, version, at, traceparent: image.traceparent };

    return buildEvent(name, of, refundEventData[name](image, from));
  });
};
