import * as z from 'zod';
import type { EventNotBuiltError } from '../events/event-not-built.ts';
import { noCurrency } from '../money.ts';
import type { Review } from './review.ts';

/** The fields of an item that a review needs; a fallback for each that is not valid. */
const reviewableItem = z.object({
  paymentId: z.string().min(1),
  refundId: z.string().min(1).optional().catch(undefined),
  orderId: z.string().min(1).catch('unknown'),
  userId: z.string().min(1).catch('unknown'),
  version: z.int().nonnegative().catch(0),
  amount: z.coerce.number().catch(0),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .catch(noCurrency),
});

/** The amount as a number by which the review index can sort. */
const amountAtRiskOf = (amount: number): number =>
  Number.isNaN(amount) ? 0 : Math.min(Math.ceil(Math.abs(amount)), Number.MAX_SAFE_INTEGER);

/**
 * Builds the review of an event that cannot be built, without its id: what the event would have started needs
 * an operator. Returns undefined if the item names no payment.
 */
export const reviewFromUnbuiltEvent = (
  { source: { of, image, version }, reason }: EventNotBuiltError,
  at: Date,
): Omit<Review, 'reviewId'> | undefined => {
  const named =
    of === 'order' ? { ...Object(image), paymentId: Object(image).activePaymentId } : image;
  const { data } = reviewableItem.safeParse(named);
  if (data === undefined) return undefined;
  const { amount, refundId, ...item } = data;

  return {
    ...item,
    ...(of === 'refund' && refundId && { refundId }),
    kind: 'event',
    version: version ?? item.version,
    code: 'event-not-built',
    detail: reason,
    amountAtRisk: amountAtRiskOf(amount),
    status: 'OPEN',
    openedAt: at.toISOString(),
    audit: [],
  };
};
