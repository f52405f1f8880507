import { returnedIn, returnedOf, type WishedLine } from '../refunds/refund-lines.ts';
import type { Payment } from './payment.ts';
import type { PaymentStatus } from './payment-transitions.ts';

type Refundable = Pick<
  Payment,
  'amount' | 'refunded' | 'refundPending' | 'reservation' | 'returned'
>;

/** What is neither refunded nor about to be, in minor units. */
export const leftOf = ({ amount, refunded, refundPending }: Refundable): number =>
  amount - refunded - refundPending;

/** Every unit that nobody asked to refund yet, back into the stock. */
export const restOf = (payment: Refundable): WishedLine[] => {
  const returned = returnedIn(payment);

  return (payment.reservation?.lines ?? [])
    .map(({ sku, quantity }) => ({
      sku,
      quantity: quantity - returnedOf(returned, sku).quantity,
      restock: true,
    }))
    .filter(({ quantity }) => quantity > 0);
};

/**
 * Whether a payment that completes was cancelled by its buyer, and neither the refund of the cancel nor others have taken all of it. It stays
 * in the index of what is due until then: the buyer was told that it is cancelled.
 */
export const owesCancel = (payment: Payment, status: PaymentStatus = payment.status): boolean =>
  status === 'COMPLETED' &&
  payment.cancelRequestedAt !== undefined &&
  payment.cancelRefundId === undefined &&
  (leftOf(payment) > 0 || restOf(payment).length > 0);
