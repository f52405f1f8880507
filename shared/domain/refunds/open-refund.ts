import { rejectCardNumbers } from '../card-number.ts';
import { type RejectionDetail, RejectionError } from '../errors.ts';
import type { Order } from '../orders/order.ts';
import { buyerStatus, isFinalForBuyer } from '../payments/buyer-status.ts';
import type { Payment } from '../payments/payment.ts';
import { transitionPayment } from '../payments/payment-transitions.ts';
import { refundableAmount, remainingLines, splitRefund } from '../payments/refundable.ts';
import {
  findRefundedLine,
  type RefundedLines,
  type RequestedLine,
  refundedLinesOf,
} from '../payments/refunded-lines.ts';
import { createRefund, type PaymentWithRefund, type Refund } from './refund.ts';
import {
  allocateRemainder,
  mergeRequestedLines,
  type PricingBasis,
  priceRefundLines,
} from './refund-lines.ts';

/** What to refund: an amount, units of lines, or everything that remains of the payment. */
export type RefundSelection =
  | { readonly amount: number }
  | { readonly lines: readonly RequestedLine[] }
  | 'remaining';

export interface RefundCommand
  extends Pick<
    Refund,
    'refundId' | 'reason' | 'requestHash' | 'traceparent' | 'isForCancellation' | 'requestedBy'
  > {
  readonly payment: Payment;
  /** Undefined if the order no longer exists: then line prices are not known. */
  readonly order: Order | undefined;
  readonly selection: RefundSelection;
  /** The balance is refunded before the gateway. The other way round by default. */
  readonly balanceFirst?: boolean | undefined;
}

/** Bounds the refunds of one payment: each takes two versions. */
const maxPaymentVersions = 400;

/**
 * Decides whether a refund is allowed, and opens it: splits its amount between the gateway and the balance, and
 * sets both parts aside on the payment. Rejects more than the refundable amount or units.
 * Lines cost their price or the refundable amount, whichever is less, so units can be returned for 0.
 */
export const openRefund = (command: RefundCommand, at: Date, by: string): PaymentWithRefund => {
  const { payment, order: _, selection: __, balanceFirst, ...request } = command;
  assertRefundable(payment);
  const { amount, lines, refundedLines } = selectAmounts(command);
  const isNothing = amount === 0 && lines.length === 0;
  if (isNothing || amount > refundableAmount(payment)) throw refundExceedsCaptured(payment);
  const { gatewayAmount } = splitRefund(payment, amount, { balanceFirst });
  const { paymentId, orderId, userId, currency, gatewayRefundPending = 0 } = payment;
  // The buyer was promised the whole amount, so this part of it must not fail silently.
  const isForCancellation = request.isForCancellation || payment.cancelRequestedAt !== undefined;
  const fields = {
    ...request,
    ...{ paymentId, orderId, userId, amount, gatewayAmount, currency, lines },
    ...(isForCancellation && { isForCancellation }),
  };

  return {
    refund: createRefund(fields, { at, by }),
    payment: transitionPayment(payment, 'refundRequested', {
      at,
      by,
      detail: `refund ${request.refundId} of ${amount} ${currency} requested`,
      change: {
        refundPending: payment.refundPending + amount,
        ...(gatewayAmount > 0 && { gatewayRefundPending: gatewayRefundPending + gatewayAmount }),
        ...(refundedLines && { refundedLines }),
        ...(request.isForCancellation && { cancelRefundId: request.refundId }),
      },
    }),
  };
};

/** Not a temporary rejection, because a review may take days. */
const isUnderReview = ({ status }: Payment): boolean => status === 'IN_REVIEW';

const assertRefundable = (payment: Payment): void => {
  if (payment.status !== 'COMPLETED') {
    throw paymentNotRefundable(
      `A payment that is ${buyerStatus(payment)} cannot be refunded.`,
      isFinalForBuyer(payment) || isUnderReview(payment) ? {} : { retryAfterSeconds: 1 },
    );
  }
  if (payment.version >= maxPaymentVersions) {
    throw paymentNotRefundable('This payment has reached the maximum number of refunds.');
  }
};

interface SelectedAmounts extends Pick<Refund, 'amount' | 'lines'> {
  /** Absent if the selection names an amount. */
  readonly refundedLines?: RefundedLines;
}

/** The amount and lines that a selection takes from the payment. */
const selectAmounts = ({ payment, order, selection }: RefundCommand): SelectedAmounts => {
  if (selection !== 'remaining' && 'amount' in selection)
    return { amount: selection.amount, lines: [] };
  const remaining = refundableAmount(payment);
  const before = refundedLinesOf(payment);
  if (selection === 'remaining') {
    const pricedLines = priceRefundLines(
      order ?? evenPricing(payment),
      remainingLines(payment),
      before,
      remaining,
    );

    return { ...allocateRemainder(pricedLines, remaining), amount: remaining };
  }
  if (order === undefined) throw paymentNotRefundable(missingOrderDetail);
  const requested = mergeRequestedLines(selection.lines);
  assertLinesAvailable(payment, requested);
  const { lines, refundedLines } = priceRefundLines(order, requested, before, remaining);

  return { lines, refundedLines, amount: lines.reduce((sum, line) => sum + line.amount, 0) };
};

const missingOrderDetail =
  'The order of this payment no longer exists, so its line prices are not known. Refund an amount.';

/** Prices without the order: the payment's amount, shared evenly among the units. */
const evenPricing = ({ amount, reservation }: Payment): PricingBasis => {
  const lines = (reservation?.lines ?? []).map((line) => ({ ...line, unitPrice: 1 }));
  const subtotal = lines.reduce((sum, { quantity }) => sum + quantity, 0);

  return { lines, subtotal, total: amount };
};

/** Rejects lines that were not sold, and more units than remain. */
const assertLinesAvailable = (payment: Payment, requested: readonly RequestedLine[]): void => {
  const { reservation } = payment;
  const refundedLines = refundedLinesOf(payment);
  const sold = new Map(reservation?.lines.map(({ sku, quantity }) => [sku, quantity]));
  const skus = [...new Set(requested.map(({ sku }) => sku))];
  const unknown = skus.filter((sku) => !sold.has(sku));
  if (unknown.length > 0) {
    rejectCardNumbers(unknown);
    throw new RejectionError({
      code: 'invalid-request',
      detail: 'The order does not have these lines.',
      errors: unknown.map((sku) => ({ sku, detail: `The order has no line "${sku}".` })),
    });
  }
  const short = skus.flatMap((sku): RejectionDetail[] => {
    const remaining = (sold.get(sku) ?? 0) - findRefundedLine(refundedLines, sku).quantity;
    const requestedQuantity = requested.reduce(
      (sum, line) => sum + (line.sku === sku ? line.quantity : 0),
      0,
    );

    return requestedQuantity > remaining
      ? [{ sku, detail: `Only ${remaining} of "${sku}" can be refunded.` }]
      : [];
  });
  if (short.length > 0) throw refundExceedsCaptured(payment, short);
};

const refundExceedsCaptured = (payment: Payment, errors?: readonly RejectionDetail[]) =>
  new RejectionError({
    code: 'refund-exceeds-captured',
    detail: `The refundable amount is ${refundableAmount(payment)} ${payment.currency}.`,
    ...(errors && { errors }),
  });

const paymentNotRefundable = (detail: string, temporary: { retryAfterSeconds?: number } = {}) =>
  new RejectionError({ code: 'payment-not-refundable', detail, ...temporary });
