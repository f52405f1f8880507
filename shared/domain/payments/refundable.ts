import type { Payment, PaymentStatus } from './payment.ts';
import { findRefundedLine, type RequestedLine, refundedLinesOf } from './refunded-lines.ts';
import { gatewayRemainderOf } from './tenders.ts';

/**
 * The code of a review of a late capture whose refund is not confirmed. Not next to the events, whose schemas would be
 * in the bundle of each function that knows reviews.
 */
export const refundUnconfirmed = 'refund-unconfirmed';

type Refundable = Pick<Payment, 'amount' | 'refunded' | 'refundPending'>;
type RefundableAtGateway = Pick<
  Payment,
  'gatewayAmount' | 'gatewayRefunded' | 'gatewayRefundPending'
>;

/** The amount that is neither refunded nor set aside for a refund, in minor units. */
export const refundableAmount = ({ amount, refunded, refundPending }: Refundable): number =>
  amount - refunded - refundPending;

/** The part of the refundable amount that the gateway can refund. The rest goes to the balance. */
export const gatewayRefundableAmount = (payment: RefundableAtGateway): number =>
  gatewayRemainderOf(payment) - (payment.gatewayRefundPending ?? 0);

interface RefundOrder {
  /** The balance is refunded before the gateway. */
  readonly balanceFirst?: boolean | undefined;
}

/**
 * Splits an amount between the gateway and the balance: to the gateway until its part of the payment is used up,
 * then to the balance; the other way round with `balanceFirst`. Minor units. Throws RangeError if the amount is
 * negative or exceeds the refundable amount.
 */
export const splitRefund = (
  payment: Refundable & RefundableAtGateway,
  amount: number,
  { balanceFirst = false }: RefundOrder = {},
): { readonly gatewayAmount: number; readonly balanceAmount: number } => {
  const refundable = refundableAmount(payment);
  if (amount < 0 || amount > refundable)
    throw new RangeError(`A refund of ${amount} is not within 0 and ${refundable}.`);
  const atGateway = gatewayRefundableAmount(payment);
  const gatewayAmount = balanceFirst
    ? Math.max(amount - (refundable - atGateway), 0)
    : Math.min(amount, atGateway);

  return { gatewayAmount, balanceAmount: amount - gatewayAmount };
};

/** Every unit without a refund, to be restocked. */
export const remainingLines = (
  payment: Pick<Payment, 'reservation' | 'refundedLines'>,
): RequestedLine[] => {
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
