import type { CouponUse, Order, OrderLine } from '../orders/order.ts';
import {
  type CouponReleaseOutcome,
  couponReleaseOutcome,
  type OrderReleaseOutcome,
} from '../orders/order-cancellation.ts';
import type { Failure, Payment } from '../payments/payment.ts';
import { transitionPayment } from '../payments/payment-transitions.ts';
import type { SkipCause } from '../skipped-booking.ts';

/** What was undone of one target of a payment, written in the same transaction as the undoing. */
export interface CompensationRecord {
  readonly paymentId: string;
  /** The thing that was undone; the record's sort key, so that it is undone once. */
  readonly target: string;
  /** Units of stock or minor units of money given back; 0 where nothing is counted. */
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

/** The payment's outcome is not a conclusive failure, so nothing of it may be given back. */
export class NotCompensableError extends Error {
  constructor({ paymentId, status }: Payment) {
    super(`Payment ${paymentId} is ${status}: nothing of it may be given back.`);
    this.name = 'NotCompensableError';
  }
}

/**
 * Whether a payment failed conclusively.
 *
 * Of a review that is so only if it was opened over a failed payment: after amounts that disagree, or an
 * outcome that no one could find out, the money may be captured and stays held.
 */
export const isCompensable = ({ status, history }: Payment): boolean =>
  status === 'FAILED' ||
  status === 'COMPENSATED' ||
  (status === 'IN_REVIEW' && history.at(-1)?.from === 'FAILED');

/** Passes a payment that failed conclusively; throws NotCompensable otherwise. */
export const assertCompensable = (payment: Payment): Payment => {
  if (!isCompensable(payment)) throw new NotCompensableError(payment);

  return payment;
};

/** Stands for the stock of a payment that reserved none: its step has something to record too. */
const noStockMarker: OrderLine = { sku: 'NONE', quantity: 0 };

/** The stock that the payment itself reserved, at least one line. */
export const reservedLines = ({ reservation }: Payment): readonly OrderLine[] =>
  reservation?.lines ?? [noStockMarker];

/** The money that the payment itself held, in minor units. */
export const heldAmount = ({ reservation }: Payment): number => reservation?.balance ?? 0;

/** What becomes of an order and its coupon. They are released together or not at all. */
export interface OrderRelease {
  readonly order: OrderReleaseOutcome;
  /** Absent where the order has no coupon. */
  readonly coupon?: CouponReleaseOutcome;
}

/**
 * Releases the order of a failed payment, unless another payment holds it or has paid it. A coupon is given
 * back also where the order is gone.
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
  // Refused at accept: the order was never bound, and nobody has bound it since.
  const isUnassigned = status === 'PENDING_PAYMENT' && activePaymentId === undefined;

  return isHeldByPayment || isUnassigned ? 'cancelled' : 'held-by-another-payment';
};

/** What was captured after all had been compensated by then. */
const wasLateCaptured = ({ status, history }: Payment): boolean =>
  status === 'LATE_CAPTURED' ||
  status === 'REVERSED' ||
  (status === 'IN_REVIEW' && history.at(-1)?.from === 'LATE_CAPTURED');

const by = 'finish-compensation';
const unknownFailure: Failure = { code: 'unknown-failure', reason: 'It failed without a reason.' };

/**
 * The payment as its compensation leaves it: COMPENSATED where nothing is missing, IN_REVIEW with what is
 * missing otherwise; the same object where it is there already.
 */
export const finishCompensation = (
  payment: Payment,
  missing: readonly string[],
  at: Date,
): Payment => {
  // Told again of its failure, there is nothing to finish.
  if (wasLateCaptured(payment)) return payment;
  const { status, failure = unknownFailure } = assertCompensable(payment);
  if (status === 'COMPENSATED') return payment;
  if (missing.length === 0) return transitionPayment(payment, 'compensated', { at, by });
  if (status === 'IN_REVIEW') return payment;
  const detail = `not compensated: ${missing.join(', ')}`;
  // The refusal keeps its code and evidence: its buyer is answered from it again.
  const evidence = [failure.evidence ?? [], detail].flat().join('; ');

  return transitionPayment(payment, 'reviewOpened', {
    at,
    by,
    detail,
    change: { failure: { ...failure, evidence } },
  });
};
