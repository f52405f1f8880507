import { findRefundedLine, type RequestedLine, refundedLinesOf } from '../refunds/refund-lines.ts';
import type { Payment } from './payment.ts';
import type { PaymentStatus } from './payment-transitions.ts';

type Refundable = Pick<
  Payment,
  'amount' | 'refunded' | 'refundPending' | 'reservation' | 'refundedLines'
>;

/** What is neither refunded nor about to be, in minor units. */
export const refundableAmount = ({ amount, refunded, refundPending }: Refundable): number =>
  amount - refunded - refundPending;

/** Every unit that nobody asked to refund yet, back into the stock. */
export const remainingLines = (payment: Refundable): RequestedLine[] => {
  const refundedLines = refundedLinesOf(payment);

  return (payment.reservation?.lines ?? [])
    .map(({ sku, quantity }) => ({
      sku,
      quantity: quantity - findRefundedLine(refundedLines, sku).quantity,
      restock: true,
    }))
    .filter(({ quantity }) => quantity > 0);
};

/**
 * Whether a payment that completes was cancelled by its buyer, and neither the refund of the cancel nor others have taken all of it. It stays
 * in the index of what is due until then: the buyer was told that it is cancelled.
 */
export const needsCancellationRefund = (
  payment: Payment,
  status: PaymentStatus = payment.status,
): boolean =>
  status === 'COMPLETED' &&
  payment.cancelRequestedAt !== undefined &&
  payment.cancelRefundId === undefined &&
  (refundableAmount(payment) > 0 || remainingLines(payment).length > 0);
