import type { Payment, PaymentStatus } from './payment.ts';

export const buyerStatuses = [
  'PENDING',
  'CONFIRMING',
  'REQUIRES_ACTION',
  'COMPLETED',
  'FAILED',
  'UNDER_REVIEW',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
] as const;

export type BuyerStatus = (typeof buyerStatuses)[number];

const buyerStatusByStatus: Record<PaymentStatus, BuyerStatus> = {
  REQUIRES_METHOD: 'REQUIRES_ACTION',
  REQUIRES_ACTION: 'REQUIRES_ACTION',
  RESERVED: 'PENDING',
  CHARGING: 'PENDING',
  UNKNOWN: 'CONFIRMING',
  COMPLETED: 'COMPLETED',
  FAILED: 'FAILED',
  COMPENSATED: 'FAILED',
  LATE_CAPTURED: 'FAILED',
  REVERSED: 'FAILED',
  IN_REVIEW: 'UNDER_REVIEW',
};

/** How far a completed payment is refunded. Its order has the same status. */
export const refundStageOf = (payment: Payment): RefundStage => {
  const [done, whole] = refundProgress(payment);
  if (done === 0) return 'COMPLETED';

  return done < whole ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
};

export type RefundStage = 'COMPLETED' | 'PARTIALLY_REFUNDED' | 'REFUNDED';

/** By amount; by units if the coupon covered the whole total. */
const refundProgress = ({ amount, refunded, refundedUnits = 0, reservation }: Payment) => {
  if (amount > 0) return [refunded, amount] as const;
  const units = reservation?.lines.reduce((sum, { quantity }) => sum + quantity, 0) ?? 0;

  return [refundedUnits, units] as const;
};

/** The status that the buyer reads. */
export const buyerStatus = (payment: Payment): BuyerStatus => {
  const { status, cancelRequestedAt } = payment;
  if (status === 'COMPLETED') return refundStageOf(payment);
  // The charge is being cancelled at the gateway: nothing is left for the buyer to do.
  if (status === 'REQUIRES_ACTION' && cancelRequestedAt !== undefined) return 'CONFIRMING';

  return buyerStatusByStatus[status];
};

const pendingForBuyer: readonly BuyerStatus[] = [
  'PENDING',
  'CONFIRMING',
  'REQUIRES_ACTION',
  'UNDER_REVIEW',
];

/**
 * Whether the buyer's result is final: the money was taken, or it will not be. A failed payment is final
 * before its compensation, which no longer changes the result.
 */
export const isFinalForBuyer = (payment: Payment) =>
  !pendingForBuyer.includes(buyerStatus(payment));

const releasedStatuses: readonly PaymentStatus[] = ['COMPENSATED', 'REVERSED'];

/**
 * Whether everything of a failed payment is back: balance, stock, order and coupon, and what the gateway had
 * captured. No longer so while a late capture is refunded.
 */
export const isReleased = ({ status }: Pick<Payment, 'status'>): boolean =>
  releasedStatuses.includes(status);

/**
 * Whether a wait of the buyer for the payment ends: it is final, or needs its buyer. With `released`, a failed
 * payment must be released.
 */
export const endsWait = (payment: Payment, { released }: { readonly released: boolean }): boolean =>
  buyerStatus(payment) === 'REQUIRES_ACTION' ||
  (isFinalForBuyer(payment) &&
    (!released || buyerStatus(payment) !== 'FAILED' || isReleased(payment)));
