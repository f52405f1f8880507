import type { Expiring } from '../canary.ts';
import type { CouponUse, Order, OrderLine } from '../orders/order.ts';
import {
  type CouponReleaseOutcome,
  couponReleaseOutcome,
  type OrderReleaseOutcome,
} from '../orders/order-cancellation.ts';
import { stockPartsOf } from '../orders/stock-shards.ts';
import type { OwnFailureCode } from '../payments/buyer-failure.ts';
import type { Failure, Payment } from '../payments/payment.ts';
import { transitionPayment } from '../payments/payment-transitions.ts';
import type { SkipCause } from '../skipped-booking.ts';

/**
 * The record that one target of a payment is compensated. Written in the same transaction as the
 * compensation.
 */
export interface CompensationRecord extends Expiring {
  readonly paymentId: string;
  /** The sort key, so that a target is compensated once. */
  readonly target: string;
  /** Restored units or minor units of money; 0 for an order or a coupon. */
  readonly delta: number;
  readonly outcome:
    | 'restored'
    | 'nothing-reserved'
    | SkipCause
    | OrderReleaseOutcome
    | CouponReleaseOutcome;
  /** ISO 8601. */
  readonly compensatedAt: string;
}

/** The payment did not fail conclusively, so it must not be compensated. */
export class NotCompensableError extends Error {
  constructor({ paymentId, status }: Payment) {
    super(`Payment ${paymentId} is ${status} and must not be compensated.`);
    this.name = 'NotCompensableError';
  }
}

/**
 * Whether a payment failed conclusively. Under review that is so only if it was FAILED before: otherwise the
 * charge may be captured, and the funds stay held.
 */
export const isCompensable = ({ status, history }: Payment): boolean =>
  status === 'FAILED' ||
  status === 'COMPENSATED' ||
  (status === 'IN_REVIEW' && history.at(-1)?.from === 'FAILED');

/** Returns a payment that failed conclusively; throws NotCompensableError for any other. */
export const assertCompensable = (payment: Payment): Payment => {
  if (!isCompensable(payment)) throw new NotCompensableError(payment);

  return payment;
};

/** Marks the stock of a payment without a reservation, so that its step has a target to record. */
const noStockMarker: OrderLine = { sku: 'NONE', quantity: 0 };

/** The stock items that the payment reserved, with the units of each. At least one. */
export const reservedLines = ({ reservation }: Payment): readonly OrderLine[] =>
  reservation?.lines.flatMap(stockPartsOf) ?? [noStockMarker];

/** The amount that the payment holds, in minor units. */
export const heldAmount = ({ reservation }: Payment): number => reservation?.balance ?? 0;

/** The outcomes of an order and its coupon, which are released together or not at all. */
export interface OrderRelease {
  readonly order: OrderReleaseOutcome;
  /** Absent if the order has no coupon. */
  readonly coupon?: CouponReleaseOutcome;
}

/**
 * Decides the release of a failed payment's order, unless another payment holds or has paid it. The coupon is
 * restored even if the order no longer exists.
 */
export const decideRelease = (
  { paymentId, orderId, couponId }: Payment,
  order: Order | undefined,
  coupon: CouponUse | undefined,
  at: string,
): OrderRelease => {
  const outcome = orderReleaseOutcome(paymentId, order);
  if (couponId === undefined) return { order: outcome };
  if (outcome === 'held-by-another-payment') return { order: outcome, coupon: outcome };

  return { order: outcome, coupon: couponReleaseOutcome(orderId, coupon, at) };
};

const orderReleaseOutcome = (paymentId: string, order: Order | undefined): OrderReleaseOutcome => {
  if (order === undefined) return 'target-missing';
  const { status, activePaymentId } = order;
  if (status === 'CANCELLED') return 'already-cancelled';
  const isHeldByPayment = status === 'PAYING' && activePaymentId === paymentId;
  // Accept rejected the payment: no payment holds the order.
  const isUnassigned = status === 'PENDING_PAYMENT' && activePaymentId === undefined;

  return isHeldByPayment || isUnassigned ? 'cancelled' : 'held-by-another-payment';
};

/** Whether the payment was captured after its compensation. */
const wasLateCaptured = ({ status, history }: Payment): boolean =>
  status === 'LATE_CAPTURED' ||
  status === 'REVERSED' ||
  (status === 'IN_REVIEW' && history.at(-1)?.from === 'LATE_CAPTURED');

const by = 'finish-compensation';
const unknownFailure: Failure = {
  code: 'unknown-failure' satisfies OwnFailureCode,
  reason: 'The payment failed without a reason.',
};

/**
 * Returns the payment at the end of its compensation: COMPENSATED, or IN_REVIEW if targets are missing; the
 * same object if it is there already. Throws NotCompensableError if the payment did not fail.
 */
export const finishCompensation = (
  payment: Payment,
  missing: readonly string[],
  at: Date,
): Payment => {
  // A replayed PaymentFailed: nothing is left to finish.
  if (wasLateCaptured(payment)) return payment;
  const { status, failure = unknownFailure } = assertCompensable(payment);
  if (status === 'COMPENSATED') return payment;
  if (missing.length === 0) return transitionPayment(payment, 'compensated', { at, by });
  if (status === 'IN_REVIEW') return payment;
  const detail = `not compensated: ${missing.join(', ')}`;
  // The failure keeps its code and evidence, because the idempotent response is built from it.
  const evidence = [failure.evidence ?? [], detail].flat().join('; ');

  return transitionPayment(payment, 'reviewOpened', {
    at,
    by,
    detail,
    change: { failure: { ...failure, evidence } },
  });
};
