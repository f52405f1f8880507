import type { Payment, PaymentStatus } from './payment.ts';
import { findRefundedLine, type RequestedLine, refundedLinesOf } from './refunded-lines.ts';

type Refundable = Pick<
  Payment,
  'amount' | 'refunded' | 'refundPending' | 'reservation' | 'refundedLines'
>;

/** The amount that is neither refunded nor set aside for a refund, in minor units. */
export const refundableAmount = ({ amount, refunded, refundPending }: Refundable): number =>
  amount - refunded - refundPending;

/** Every unit without a refund, to be restocked. */
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
 * Whether a cancelled payment was captured and its cancellation refund is not requested yet. It stays in the
 * due index until then, because the buyer was promised the refund.
 */
export const needsCancellationRefund = (
  payment: Payment,
  status: PaymentStatus = payment.status,
): boolean =>
  status === 'COMPLETED' &&
  payment.cancelRequestedAt !== undefined &&
  payment.cancelRefundId === undefined &&
  (refundableAmount(payment) > 0 || remainingLines(payment).length > 0);
