import * as z from 'zod';
import { IllegalTransition } from './errors.ts';
import { type DomainEvent, type EventName, tell } from './events.ts';
import { mergeLines } from './order.ts';
import {
  type Refund,
  type RefundStatus,
  type RefundTransitionName,
  refundTransitionOf,
  refundTransitions,
} from './refund.ts';

const line = z.object({ sku: z.string(), quantity: z.int() });

const refundImage = z.object({
  refundId: z.string().min(1),
  paymentId: z.string(),
  orderId: z.string(),
  userId: z.string(),
  status: z.enum(Object.values(refundTransitions).map(({ to }) => to)),
  version: z.int(),
  updatedAt: z.iso.datetime(),
  traceparent: z.string().optional(),
  amount: z.int(),
  currency: z.string(),
  lines: z.array(line),
  failure: z.object({ code: z.string(), reason: z.string() }).optional(),
  net: z.int().optional(),
  paymentVersion: z.int().optional(),
  soldAt: z.iso.datetime().optional(),
});

type RefundImage = z.infer<typeof refundImage>;
export type RefundEvent = Extract<
  (typeof refundTransitions)[RefundTransitionName],
  { event: EventName }
>['event'];

const subject = ({ refundId, paymentId, orderId, userId, amount, currency }: RefundImage) => ({
  refundId,
  paymentId,
  orderId,
  userId,
  amount,
  currency,
});

const ended = (from?: RefundStatus) => from === 'UNDER_REVIEW' && { fromReview: true };

const told: Record<RefundEvent, (refund: RefundImage, from?: RefundStatus) => object> = {
  RefundRequested: subject,
  RefundCompleted: (refund, from) => ({
    ...subject(refund),
    // Who hears of it counts units of a sku, wherever they went.
    lines: mergeLines(refund.lines),
    net: refund.net,
    paymentVersion: refund.paymentVersion,
    soldAt: refund.soldAt,
    ...ended(from),
  }),
  RefundFailed: (refund, from) => ({
    ...subject(refund),
    code: refund.failure?.code,
    reason: refund.failure?.reason,
    ...ended(from),
  }),
  RefundReviewOpened: (refund) => ({ ...subject(refund), code: refund.failure?.code }),
};

/** The event that a change of a refund is told by, if any. */
export const fromRefund = (before: unknown, after: unknown): DomainEvent | undefined => {
  const from = refundImage.optional().parse(before)?.status;
  const refund = refundImage.parse(after);
  const { refundId, status, version, updatedAt, traceparent } = refund;
  if (from === status) return undefined;
  const transition = refundTransitionOf(from, status);
  if (!transition) throw new IllegalTransition(refundId, from ?? 'nothing', status);
  const event = transition.event as RefundEvent | undefined;

  return (
    event &&
    tell(
      event,
      { subject: refundId, version, at: updatedAt, traceparent },
      told[event](refund, from),
    )
  );
};

/** As with a payment: the last event of a name in a refund's own journal, made again from the refund as it is stored. */
export const refundToldAgain = (refund: Refund, name: RefundEvent): DomainEvent => {
  const { refundId, history } = refund;
  const entry = history.findLast(({ from, to }) => refundTransitionOf(from, to)?.event === name);
  if (!entry) throw new Error(`The journal of ${refundId} has no ${name}.`);
  const { version, at, from } = entry;
  const image = refundImage.parse(refund);

  return tell(
    name,
    { subject: refundId, version, at, traceparent: image.traceparent },
    told[name](image, from),
  );
};
