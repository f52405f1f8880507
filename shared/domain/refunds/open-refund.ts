import { refuseCardNumberIn } from '../card-number.ts';
import { Refusal, type RefusalDetail } from '../errors.ts';
import type { Order } from '../orders/order.ts';
import { buyerStatus, isDecided, type Payment } from '../payments/payment.ts';
import { advance } from '../payments/payment-transitions.ts';
import { leftOf, restOf } from '../payments/refundable.ts';
import { beginRefund, type Refund } from './refund.ts';
import {
  mergeWished,
  type Priced,
  priced,
  type ReturnedLines,
  returnedIn,
  returnedOf,
  type WishedLine,
  withExtra,
} from './refund-lines.ts';

/** What is to be given back: an amount, units of some lines, or all that is left of the payment. */
export type RefundWish =
  | { readonly amount: number }
  | { readonly lines: readonly WishedLine[] }
  | 'rest';

export interface AskedRefund
  extends Pick<Refund, 'refundId' | 'reason' | 'requestHash' | 'traceparent' | 'isOfCancel'> {
  readonly payment: Payment;
  /** Undefined where it is gone: then no line has a price of its own. */
  readonly order: Order | undefined;
  readonly wish: RefundWish;
}

/** A payment and one of its refunds as one transaction leaves them. */
export interface RefundedPayment {
  readonly payment: Payment;
  readonly refund: Refund;
}

/** Two moves a refund: more refunds than any buyer needs. */
const mostMoves = 400;

/**
 * A refund of what is asked for, and the payment that has set it aside; refused where that is more than is left of it. Lines take what they
 * cost or what is left of the money, whichever is less: units come back also where nothing is left.
 */
export const openRefund = (asked: AskedRefund, at: Date, by: string): RefundedPayment => {
  const { payment, order: _, wish: __, ...own } = asked;
  expectRefundable(payment);
  const { amount, lines, returned } = takenBy(asked);
  const isNothing = amount === 0 && lines.length === 0;
  if (isNothing || amount > leftOf(payment)) throw exceeds(payment);
  const { paymentId, orderId, userId, currency } = payment;
  const beginning = { ...own, paymentId, orderId, userId, amount, currency, lines };

  return {
    refund: beginRefund(beginning, { at, by }),
    payment: advance(payment, 'refundRequested', {
      at,
      by,
      detail: `refund ${own.refundId} of ${amount} ${currency} requested`,
      change: {
        refundPending: payment.refundPending + amount,
        ...(returned && { returned }),
        ...(own.isOfCancel && { cancelRefundId: own.refundId }),
      },
    }),
  };
};

/** A review may take days. */
const isForAPerson = ({ status }: Payment): boolean => status === 'IN_REVIEW';

const expectRefundable = (payment: Payment): void => {
  if (payment.status !== 'COMPLETED') {
    throw notRefundable(
      `A payment that is ${buyerStatus(payment)} cannot be refunded.`,
      isDecided(payment) || isForAPerson(payment) ? {} : { retryAfterSeconds: 1 },
    );
  }
  if (payment.version >= mostMoves) {
    throw notRefundable('This payment has had as many refunds as a payment may have.');
  }
};

interface Taken extends Pick<Refund, 'amount' | 'lines'> {
  /** Absent where no line is named. */
  readonly returned?: ReturnedLines;
}

/** What the wish takes of the payment. */
const takenBy = ({ payment, order, wish }: AskedRefund): Taken => {
  if (wish !== 'rest' && 'amount' in wish) return { amount: wish.amount, lines: [] };
  const left = leftOf(payment);
  const before = returnedIn(payment);
  if (wish === 'rest') {
    const taken = priced(order ?? evenly(payment), restOf(payment), before, left);

    return { ...withExtra(taken, left), amount: left };
  }
  if (order === undefined) throw notRefundable(unpriced);
  const wished = mergeWished(wish.lines);
  expectLines(payment, wished);
  const { lines, returned } = priced(order, wished, before, left);

  return { lines, returned, amount: lines.reduce((sum, line) => sum + line.amount, 0) };
};

const unpriced =
  'The order of this payment is gone, and with it the price of each line. Refund an amount.';

/** What was paid, shared evenly among the units: all that is known of their prices without the order. */
const evenly = ({ amount, reservation }: Payment): Priced => {
  const lines = (reservation?.lines ?? []).map((line) => ({ ...line, unitPrice: 1 }));
  const subtotal = lines.reduce((sum, { quantity }) => sum + quantity, 0);

  return { lines, subtotal, total: amount };
};

/** Refuses units of what was never sold, or more of them than are left. */
const expectLines = (payment: Payment, wished: readonly WishedLine[]): void => {
  const { reservation } = payment;
  const returned = returnedIn(payment);
  const sold = new Map(reservation?.lines.map(({ sku, quantity }) => [sku, quantity]));
  const skus = [...new Set(wished.map(({ sku }) => sku))];
  const unknown = skus.filter((sku) => !sold.has(sku));
  if (unknown.length > 0) {
    refuseCardNumberIn(unknown);
    throw new Refusal({
      code: 'invalid-request',
      detail: 'The order has no such line.',
      errors: unknown.map((sku) => ({ sku, detail: `The order has no "${sku}".` })),
    });
  }
  const short = skus.flatMap((sku): RefusalDetail[] => {
    const left = (sold.get(sku) ?? 0) - returnedOf(returned, sku).quantity;
    const asked = wished.reduce((sum, line) => sum + (line.sku === sku ? line.quantity : 0), 0);

    return asked > left ? [{ sku, detail: `Only ${left} of "${sku}" are left to refund.` }] : [];
  });
  if (short.length > 0) throw exceeds(payment, short);
};

const exceeds = (payment: Payment, errors?: readonly RefusalDetail[]) =>
  new Refusal({
    code: 'refund-exceeds-captured',
    detail: `${leftOf(payment)} ${payment.currency} of the payment are left to refund.`,
    ...(errors && { errors }),
  });

const notRefundable = (detail: string, temporary: { retryAfterSeconds?: number } = {}) =>
  new Refusal({ code: 'payment-not-refundable', detail, ...temporary });
