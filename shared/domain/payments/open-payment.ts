import { truncateFailure } from '../bounds.ts';
import { dueShardOf } from '../due-index.ts';
import type { OrderToPay } from '../orders/order-to-pay.ts';
import { createHistoryEntry } from '../state-machine.ts';
import type { Timings } from '../timings.ts';
import { holdExpiresAt } from './hold-release.ts';
import type { Failure, Payment } from './payment.ts';
import { paymentTransitions } from './payment-transition-table.ts';
import { expirationOf, type TransitionInput } from './payment-transitions.ts';

export interface PaymentRequest {
  readonly paymentId: string;
  readonly order: OrderToPay;
  /** Minor units to take from the balance, at most the order's total. 0 by default. */
  readonly balanceAmount?: number | undefined;
  /** Absent if the buyer provides it later, or if there is nothing to charge. */
  readonly paymentMethod?: string | undefined;
  readonly returnUrl?: string | undefined;
  /** `cancel` by default. */
  readonly onDecline?: 'cancel' | 'keep' | undefined;
  readonly requestHash: string;
  readonly traceparent?: string;
}

type OpeningTransition = 'accepted' | 'methodRequired' | 'acceptRejected';

const newPayment = (
  name: OpeningTransition,
  request: PaymentRequest,
  { change, ...context }: TransitionInput,
): Payment => {
  const { paymentId, order, paymentMethod, returnUrl, onDecline, traceparent } = request;
  const { to } = paymentTransitions[name];
  const at = context.at.toISOString();

  return {
    paymentId,
    userId: order.userId,
    orderId: order.orderId,
    status: to,
    version: 1,
    amount: order.total,
    gatewayAmount: gatewayAmountOf(request),
    currency: order.currency,
    ...(paymentMethod === undefined ? {} : { paymentMethod }),
    ...(returnUrl === undefined ? {} : { returnUrl }),
    ...(onDecline === 'keep' && { onDecline }),
    requestHash: request.requestHash,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(order.couponId === undefined ? {} : { couponId: order.couponId }),
    attempt: 0,
    refunded: 0,
    refundPending: 0,
    createdAt: at,
    updatedAt: at,
    ...expirationOf(order, to, at),
    ...(change?.dueAt && { dueShard: dueShardOf(paymentId) }),
    ...(change && truncateFailure(change)),
    history: [createHistoryEntry({ version: 1, to }, context)],
  };
};

const gatewayAmountOf = ({ order, balanceAmount = 0 }: PaymentRequest): number =>
  order.total - balanceAmount;

/** Whether the gateway has something to charge, and the request does not say what to charge. */
export const isMethodMissing = (request: PaymentRequest): boolean =>
  request.paymentMethod === undefined && gatewayAmountOf(request) > 0;

/** The payment that accept commits: RESERVED, with the balance part and the stock in its reservation. */
export const openPayment = (
  request: PaymentRequest,
  at: Date,
  unclaimedTimeoutMs: number,
): Payment => {
  const dueAt = new Date(at.getTime() + unclaimedTimeoutMs).toISOString();

  return openReserved('accepted', request, at, dueAt);
};

/**
 * The payment that accept commits without a payment method: REQUIRES_METHOD, with the same reservation. It is
 * due when its hold ends.
 */
export const openPaymentWithoutMethod = (
  request: PaymentRequest,
  at: Date,
  timings: Pick<Timings, 'holdExpiryMs'>,
): Payment =>
  openReserved(
    'methodRequired',
    request,
    at,
    holdExpiresAt({ createdAt: at.toISOString() }, timings),
  );

const openReserved = (
  name: Exclude<OpeningTransition, 'acceptRejected'>,
  request: PaymentRequest,
  at: Date,
  dueAt: string,
): Payment => ({
  ...newPayment(name, request, { at, by: 'accept-payment', change: { dueAt } }),
  reservation: {
    balance: request.balanceAmount ?? 0,
    lines: request.order.lines.map(({ sku, quantity }) => ({ sku, quantity })),
  },
});

/** The payment that accept stores when it rejects: it has ended, with the failure and without a reservation. */
export const rejectPayment = (request: PaymentRequest, at: Date, failure: Failure): Payment =>
  newPayment('acceptRejected', request, {
    at,
    by: 'accept-payment',
    detail: failure.reason,
    change: { failure },
  });
