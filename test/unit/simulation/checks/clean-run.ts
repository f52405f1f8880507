import {
  createDomainEvent,
  type DomainEvent,
} from '../../../../shared/domain/events/domain-event.ts';
import type { Order } from '../../../../shared/domain/orders/order.ts';
import type { Payment, PaymentChange } from '../../../../shared/domain/payments/payment.ts';
import { replayPaymentEvent } from '../../../../shared/domain/payments/payment-events.ts';
import {
  type PaymentTransitionName,
  transitionPayment,
} from '../../../../shared/domain/payments/payment-transitions.ts';
import { createRefund, type Refund } from '../../../../shared/domain/refunds/refund.ts';
import { replayRefundEvent } from '../../../../shared/domain/refunds/refund-events.ts';
import { applyRefundSuccess } from '../../../../shared/domain/refunds/refund-settlement.ts';
import { rankingKey } from '../../../../shared/persistence/dynamodb/keys.ts';
import {
  aBalance,
  aCoupon,
  anOrder,
  aPayment,
  aProduct,
  noon,
} from '../../../support/builders/builders.ts';
import { anAnswer, anEvent, type RunParts } from './run-builder.ts';

const userId = 'buyer-alice';
const currency = 'KRW';
const later = (seconds: number) => new Date(noon.getTime() + seconds * 1_000);

/** The payment after one step that a function writes, a second after the last one. */
export const afterStep = (
  payment: Payment,
  name: PaymentTransitionName,
  by: string,
  change: PaymentChange = {},
): Payment => transitionPayment(payment, name, { at: later(payment.version), by, change });

const orderOf = (name: string, given: Partial<Order> = {}): Order =>
  anOrder({ orderId: `ord_${name.padEnd(26, '0')}`, userId, ...given });

/** An order with a coupon that was paid, and of which one unit was returned. */
const paidOrder = orderOf('paid', {
  status: 'PARTIALLY_REFUNDED',
  version: 4,
  couponId: 'coupon-1',
  discount: 1_000,
});

const accepted = aPayment({
  order: paidOrder,
  balanceAmount: 1_000,
  paymentId: `pay_${'paid'.padEnd(26, '0')}`,
  couponId: 'coupon-1',
});
const charging = afterStep(accepted, 'claimed', 'charge-payment', { attempt: 1 });
const completed = afterStep(charging, 'captured', 'charge-payment');
const requested = afterStep(completed, 'refundRequested', 'request-refund', {
  refundPending: 2_000,
  gatewayRefundPending: 2_000,
  refundedLines: [{ sku: 'tea', quantity: 1, amount: 2_000 }],
});
const openRefund = createRefund(
  {
    refundId: `rfd_${'paid'.padEnd(26, '0')}`,
    paymentId: accepted.paymentId,
    orderId: paidOrder.orderId,
    userId,
    amount: 2_000,
    gatewayAmount: 2_000,
    currency,
    lines: [{ sku: 'tea', quantity: 1, amount: 2_000, restock: true }],
    reason: 'too strong',
    requestHash: 'hash',
  },
  { at: later(5), by: 'request-refund' },
);
const settled = applyRefundSuccess(
  { payment: requested, refund: openRefund },
  { at: later(6), by: 'execute-refund', detail: 'refunded' },
);

/** The versions of the paid payment, first to last. */
export const paidVersions = [accepted, charging, completed, requested, settled.payment] as const;
export const paid = settled.payment;
export const refund: Refund = settled.refund;

const cancelledOrder = orderOf('failed', {
  status: 'CANCELLED',
  cancelReason: 'payment-failed',
  version: 3,
});
const acceptedThenFailed = aPayment({
  order: cancelledOrder,
  paymentId: `pay_${'failed'.padEnd(26, '0')}`,
  paymentMethod: 'sim_decline',
});
/** The failed payment in the moment in which it fails. */
export const failing = afterStep(
  afterStep(acceptedThenFailed, 'claimed', 'charge-payment', { attempt: 1 }),
  'declined',
  'charge-payment',
  { failure: { code: 'declined', reason: 'no', evidence: 'The gateway declined it.' } },
);
export const compensated = afterStep(failing, 'compensated', 'finish-compensation');

export const orders: readonly [Order, Order] = [
  { ...paidOrder, activePaymentId: paid.paymentId },
  cancelledOrder,
];

const recordOf = (target: string, delta: number) => ({
  paymentId: compensated.paymentId,
  target,
  delta,
  outcome: 'restored',
  compensatedAt: later(3).toISOString(),
});

export const compensations = [
  recordOf('STOCK#tea', 2),
  recordOf(`BALANCE#${userId}`, 2_000),
  { ...recordOf(`ORDER#${cancelledOrder.orderId}`, 0), outcome: 'cancelled' },
];

export const balance = aBalance({ userId, available: 9_000, held: 0, spent: 1_000 });
export const product = aProduct({ sku: 'tea', available: 9, reserved: 0, sold: 1 });
export const coupon = aCoupon({
  userId,
  couponId: 'coupon-1',
  status: 'USED',
  orderId: paidOrder.orderId,
  amountOff: 1_000,
});

const snapshot = (paymentVersion: number, points: number) => ({
  at: later(7).toISOString(),
  paymentVersion,
  points,
});

export const pointsEntry = {
  userId,
  entry: `PAYMENT#${paid.paymentId}`,
  paymentId: paid.paymentId,
  version: 2,
  ...snapshot(5, 20),
  history: [snapshot(3, 40), snapshot(5, 20)],
};

const day = completed.updatedAt.slice(0, 10);

export const rankings = [
  rankingKey.marker(`${paid.paymentId}-3`),
  rankingKey.marker(`${refund.refundId}-2`),
  { ...rankingKey.count(day, 'tea'), sku: 'tea', units: 1 },
] as const;

const pointsEvent = (version: number, name: 'PointsAdded' | 'PointsCorrected', data: object) =>
  createDomainEvent(
    name,
    { subject: `points_${paid.paymentId}`, version, at: later(7).toISOString() },
    { userId, paymentId: paid.paymentId, points: 40, change: 0, ...data },
  );

const orderCancelled = ({ orderId, version }: Order) =>
  createDomainEvent(
    'OrderCancelled',
    { subject: orderId, version, at: later(7).toISOString() },
    { orderId, userId, items: [], reason: 'payment-failed' },
  );

const { change: _, ...added } = pointsEvent(1, 'PointsAdded', {}).data as Record<string, unknown>;

const domainEvents: readonly object[] = [
  replayPaymentEvent(paid, 'PaymentReserved'),
  replayPaymentEvent(paid, 'PaymentCompleted'),
  replayRefundEvent(refund, 'RefundRequested'),
  replayRefundEvent(refund, 'RefundCompleted'),
  replayPaymentEvent(compensated, 'PaymentReserved'),
  replayPaymentEvent(compensated, 'PaymentFailed'),
  replayPaymentEvent(compensated, 'PaymentCompensated'),
  { ...pointsEvent(1, 'PointsAdded', {}), data: added },
  pointsEvent(2, 'PointsCorrected', { points: 20, change: -20 }),
  orderCancelled(cancelledOrder),
];

/** The events of the run, each published once. */
export const published = domainEvents.map((event) => {
  const { name, ...detail } = event as DomainEvent;

  return anEvent(name, detail as unknown as Record<string, unknown>);
});

const deliveryOf = (receiver: 'data-platform' | 'notifications', key: string) => ({
  receiver,
  key,
  bodies: ['{}'],
  times: 2,
});

export const deliveries = [
  deliveryOf('data-platform', `${paid.paymentId}-3`),
  deliveryOf('data-platform', `${refund.refundId}-2`),
  deliveryOf('notifications', `${paid.paymentId}-3`),
  deliveryOf('notifications', `${refund.refundId}-2`),
  deliveryOf('notifications', `${compensated.paymentId}-4`),
  deliveryOf('notifications', `points_${paid.paymentId}-1`),
  deliveryOf('notifications', `points_${paid.paymentId}-2`),
];

export const payRequest = {
  method: 'POST',
  path: '/payments',
  buyer: userId,
  key: 'key-1',
} as const;

const acceptedBody = { paymentId: paid.paymentId, orderId: paid.orderId, status: 'PENDING' };

export const charges = {
  [paid.paymentId]: {
    captures: 1,
    captured: 3_000,
    refunded: 2_000,
    refundKeys: [`rfd:${refund.refundId}`],
    refunds: [2_000],
  },
};

export const items = {
  Payments: [paid, compensated],
  Refunds: [refund],
  Orders: orders,
  Balances: [balance],
  Products: [product],
  Coupons: [coupon],
  Compensations: compensations,
  LoyaltyPoints: [pointsEntry],
  Rankings: rankings,
};

/** A run in which one payment completed and was refunded in part, and another one failed and was given back. */
export const cleanRun: RunParts = {
  items,
  charges,
  published,
  deliveries,
  answers: [
    anAnswer(payRequest, 202, acceptedBody),
    anAnswer(payRequest, 202, acceptedBody),
    anAnswer(
      { ...payRequest, method: 'GET', path: `/payments/${paid.paymentId}` },
      200,
      acceptedBody,
    ),
  ],
  messagesByEvent: new Map([[`${paid.paymentId}-3`, 9]]),
  logLines: ['{"message":"payment captured"}'],
};

/** The clean run with other items in some tables. */
export const withItems = (changed: Readonly<Record<string, readonly object[]>>): RunParts => ({
  ...cleanRun,
  items: { ...items, ...changed },
});
