import type { CompensationRecord } from '../compensation/compensation.ts';
import { compensationTarget } from '../compensation/compensation-target.ts';
import type { Balance } from '../money.ts';
import type { Order } from '../orders/order.ts';
import type { Payment } from '../payments/payment.ts';
import { isFinal } from '../payments/payment-transitions.ts';
import { needsCancellationRefund } from '../payments/refundable.ts';
import { balanceRefundedOf } from '../payments/tenders.ts';
import { isRefundFinal, type Refund } from '../refunds/refund.ts';
import type { Review } from '../reviews/review.ts';
import { isSkipped } from '../skipped-booking.ts';

/** Why a buyer cannot be erased yet: the item, and a clause about it. */
export interface OpenMatter {
  readonly item: string;
  readonly reason: string;
}

const matter = (item: string, reason: string | false | undefined): OpenMatter[] =>
  reason ? [{ item, reason }] : [];

/** An item that changed since then may have events on their way, which name the buyer. */
const changedSince = (updatedAt: string, settledBefore: Date) =>
  Date.parse(updatedAt) > settledBefore.getTime() &&
  `changed at ${updatedAt}, and its events may be on their way`;

export const openMattersOfOrder = (order: Order, settledBefore: Date): OpenMatter[] =>
  matter(
    `order ${order.orderId}`,
    order.status === 'PENDING_PAYMENT' || order.status === 'PAYING'
      ? `is ${order.status}`
      : changedSince(order.updatedAt, settledBefore),
  );

/** A payment, and what must be erased with it. */
export interface PaymentRecords {
  readonly payment: Payment;
  readonly refunds: readonly Refund[];
  readonly compensations: readonly CompensationRecord[];
}

export const openMattersOfPayment = (
  { payment, refunds, compensations }: PaymentRecords,
  settledBefore: Date,
): OpenMatter[] => [
  ...matter(`payment ${payment.paymentId}`, openReasonOf(payment)),
  ...matter(
    `payment ${payment.paymentId}`,
    [
      ...(payment.skipped ?? []),
      ...refunds.flatMap(({ skipped = [] }) => skipped),
      ...compensations,
    ]
      .filter(isSkipped)
      .some(({ target }) => target === compensationTarget.balance(payment.userId)) &&
      'has a skipped booking of the balance, so its share of the balance is not known',
  ),
  ...matter(`payment ${payment.paymentId}`, changedSince(payment.updatedAt, settledBefore)),
  ...refunds.flatMap((refund) =>
    matter(`refund ${refund.refundId}`, !isRefundFinal(refund) && `is ${refund.status}`),
  ),
];

const openReasonOf = (payment: Payment): string | false => {
  const { status, dueAt, dispute, refundPending } = payment;
  if (!isFinal(status)) return `is ${status}`;
  if (refundPending > 0) return 'has a refund in progress';
  if (needsCancellationRefund(payment)) return 'waits for the refund of its cancellation';
  if (dispute?.status === 'open') return 'is disputed';

  return dueAt !== undefined && `is to be compared with the gateway at ${dueAt}`;
};

/** The points of a payment have events of their own, after those of the payment. */
export const openMattersOfPoints = (
  { entry, at }: { readonly entry: string; readonly at?: string },
  settledBefore: Date,
): OpenMatter[] => matter(`points ${entry}`, at !== undefined && changedSince(at, settledBefore));

export const openMattersOfReview = ({ reviewId, status }: Review): OpenMatter[] =>
  matter(`review ${reviewId}`, status === 'OPEN' && 'is OPEN');

/** The service cannot pay out a balance. */
export const openMattersOfBalance = ({ available, held, currency }: Balance): OpenMatter[] =>
  matter(
    'balance',
    (available !== 0 || held !== 0) &&
      `has ${available} ${currency} available and ${held} held: pay it out first`,
  );

/** What a payment has spent of the balance, less its refunds, in minor units. */
export const spentOf = (payment: Payment): number =>
  payment.status === 'COMPLETED'
    ? (payment.reservation?.balance ?? 0) - balanceRefundedOf(payment)
    : 0;
