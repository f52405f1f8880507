import { decideTransition } from '../../shared/application/payments/decide-transition.ts';
import {
  deriveOrderId,
  derivePaymentId,
  deriveRefundId,
  requestHashOf,
} from '../../shared/domain/ids.ts';
import { type Coupon, type Product, placeOrder } from '../../shared/domain/orders/order.ts';
import { openPayment } from '../../shared/domain/payments/open-payment.ts';
import { transitionPayment } from '../../shared/domain/payments/payment-transitions.ts';
import { openRefund } from '../../shared/domain/refunds/open-refund.ts';
import { applyRefundSuccess } from '../../shared/domain/refunds/refund-settlement.ts';
import { timings } from '../../shared/domain/timings.ts';
import type { ChargeOutcome } from '../../shared/gateway/payment-gateway.ts';
import { shop } from '../demo/shop.ts';

/** The times of the example payment. */
export const timestamps = {
  ordered: new Date('2026-11-23T09:00:00.000Z'),
  accepted: new Date('2026-11-23T09:00:05.000Z'),
  claimed: new Date('2026-11-23T09:00:05.150Z'),
  answered: new Date('2026-11-23T09:00:05.420Z'),
  delivered: new Date('2026-11-23T09:00:05.600Z'),
  refundRequested: new Date('2026-11-23T10:00:00.000Z'),
  refunded: new Date('2026-11-23T10:00:00.310Z'),
};

interface ExampleInput {
  readonly buyer: string;
  readonly couponId: string;
  readonly paymentMethod: string;
  /** The gateway's answer to the charge. */
  readonly chargeOutcome: ChargeOutcome;
}

const required = <T>(item: T | undefined): T => {
  if (item === undefined) throw new Error('The demo shop lacks an item of the example payment.');

  return item;
};

const tea: Product = {
  ...required(shop.products.find(({ sku }) => sku === 'tea')),
  reserved: 0,
  sold: 0,
  received: 1_000,
};

/** The part of the example payment that the balance pays. */
const balanceAmount = 2_000;

/** Items of a payment for two packets of tea with a coupon, at each step. Its keys are `sample-order` and `sample-payment`. */
export const createExamplePayment = ({
  buyer,
  couponId,
  paymentMethod,
  chargeOutcome,
}: ExampleInput) => {
  const coupon: Coupon = {
    ...required(shop.coupons.find((each) => each.couponId === couponId)),
    status: 'AVAILABLE',
  };
  const lines = [{ sku: tea.sku, quantity: 2 }];
  const order = placeOrder({
    orderId: deriveOrderId(buyer, 'sample-order'),
    userId: buyer,
    lines,
    products: [tea],
    coupon,
    requestHash: requestHashOf({ lines, couponId }),
    at: timestamps.ordered,
  });
  const request = {
    paymentId: derivePaymentId(buyer, 'sample-payment'),
    order,
    balanceAmount,
    paymentMethod,
    requestHash: requestHashOf({ orderId: order.orderId, balanceAmount, paymentMethod }),
  };

  const accepted = openPayment(request, timestamps.accepted, timings.cloud.unclaimedTimeoutMs);
  const expiry = new Date(timestamps.claimed.getTime() + timings.cloud.claimLeaseMs).toISOString();
  const claimed = transitionPayment(accepted, 'claimed', {
    at: timestamps.claimed,
    by: 'charge-payment',
    change: { attempt: 1, claimExpiresAt: expiry, dueAt: accepted.dueAt },
  });
  const { transition, detail, change } = decideTransition(
    chargeOutcome,
    claimed,
    timestamps.answered,
    timings.cloud,
  );
  const answered = transitionPayment(claimed, transition, {
    at: timestamps.answered,
    by: 'charge-payment',
    detail,
    gatewayCalls: [{ operation: 'charge', outcome: chargeOutcome.outcome, durationMs: 240 }],
    ...(change && { change }),
  });

  return { coupon, product: tea, order, request, accepted, claimed, answered };
};

export type ExamplePayment = ReturnType<typeof createExamplePayment>;

/** Alice pays, and the gateway approves. */
export const completed = createExamplePayment({
  buyer: 'alice',
  couponId: 'welcome-alice',
  paymentMethod: 'sim_approve',
  chargeOutcome: {
    outcome: 'approved',
    transactionId: 'txn_7c0f3b9e4d2a',
    approvedAt: '2026-11-23T09:00:05.390Z',
  },
});

/** Carol pays, and the gateway declines. */
export const declined = createExamplePayment({
  buyer: 'carol',
  couponId: 'welcome-carol',
  paymentMethod: 'sim_decline',
  chargeOutcome: {
    outcome: 'declined',
    code: 'insufficient_funds',
    reason: 'The card has insufficient funds.',
    buyerCode: 'insufficient-funds',
  },
});

const selection = { lines: [{ sku: tea.sku, quantity: 1, restock: true }] };
const reason = 'One packet was more than enough.';

/** Alice returns one of the two packets. The key is `sample-refund`. */
export const requestedRefund = openRefund(
  {
    refundId: deriveRefundId('alice', completed.answered.paymentId, 'sample-refund'),
    payment: completed.answered,
    order: completed.order,
    selection,
    reason,
    requestHash: requestHashOf({ ...selection, reason }),
  },
  timestamps.refundRequested,
  'request-refund',
);

/** The same refund after the gateway has paid it. */
export const completedRefund = applyRefundSuccess(requestedRefund, {
  at: timestamps.refunded,
  by: 'execute-refund',
  detail: 'refunded as rfn_51d0c8e7a4b2',
  gatewayCalls: [{ operation: 'refund', outcome: 'refunded', durationMs: 190 }],
  pg: { refundId: 'rfn_51d0c8e7a4b2', refundedAt: '2026-11-23T10:00:00.280Z' },
});
