import { truncateFailure } from '../bounds.ts';
import { dueShardOf } from '../due-index.ts';
import type { Order } from '../orders/order.ts';
import { createHistoryEntry } from '../state-machine.ts';
import type { Failure, Payment } from './payment.ts';
import { paymentTransitions, type TransitionInput } from './payment-transitions.ts';

export interface PaymentRequest {
  readonly paymentId: string;
  readonly order: Order;
  /** Minor units to take from the balance, at most the order's total. 0 by default. */
  readonly balanceAmount?: number | undefined;
  readonly paymentMethod: string;
  readonly requestHash: string;
  readonly traceparent?: string;
}

const newPayment = (
  name: 'accepted' | 'acceptRejected',
  { paymentId, order, balanceAmount = 0, paymentMethod, requestHash, traceparent }: PaymentRequest,
  { change, ...context }: TransitionInput,
): Payment => {
  const { to } = paymentTransitions[name];
  const at = context.at.toISOString();

  return {
    paymentId,
    userId: order.userId,
    orderId: order.orderId,
    status: to,
    version: 1,
    amount: order.total,
    gatewayAmount: order.total - balanceAmount,
    currency: order.currency,
    paymentMethod,
    requestHash,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(order.couponId === undefined ? {} : { couponId: order.couponId }),
    attempt: 0,
    refunded: 0,
    refundPending: 0,
    createdAt: at,
    updatedAt: at,
    dueShard: dueShardOf(paymentId),
    dueAt: at,
    ...(change && truncateFailure(change)),
    history: [createHistoryEntry({ version: 1, to }, context)],
  };
};

/** The payment that accept commits: RESERVED, with the order's total and stock in its reservation. */
export const openPayment = (
  request: PaymentRequest,
  at: Date,
  unclaimedTimeoutMs: number,
): Payment => ({
  ...newPayment('accepted', request, {
    at,
    by: 'accept-payment',
    change: { dueAt: new Date(at.getTime() + unclaimedTimeoutMs).toISOString() },
  }),
  reservation: {
    balance: request.balanceAmount ?? 0,
    lines: request.order.lines.map(({ sku, quantity }) => ({ sku, quantity })),
  },
});

/** The payment that accept stores when it rejects: FAILED, with the failure and without a reservation. */
export const rejectPayment = (request: PaymentRequest, at: Date, failure: Failure): Payment =>
  newPayment('acceptRejected', request, {
    at,
    by: 'accept-payment',
    detail: failure.reason,
    change: { failure },
  });
