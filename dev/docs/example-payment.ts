import { verdictOf } from '../../shared/application/payments/decide-transition.ts';
import { orderIdOf, paymentIdOf, refundIdOf, requestHashOf } from '../../shared/domain/ids.ts';
import { type Coupon, type Product, placeOrder } from '../../shared/domain/orders/order.ts';
import { openPayment } from '../../shared/domain/payments/payment.ts';
import { advance } from '../../shared/domain/payments/payment-transitions.ts';
import { openRefund } from '../../shared/domain/refunds/open-refund.ts';
import { settleRefund } from '../../shared/domain/refunds/refund-settlement.ts';
import { timings } from '../../shared/domain/timings.ts';
import type { ChargeOutcome } from '../../shared/gateway/payment-gateway.ts';
import { shop } from '../demo/shop.ts';

/** The moments of a payment's life, the same whenever it is told. */
export const moments = {
  ordered: new Date('2026-11-23T09:00:00.000Z'),
  accepted: new Date('2026-11-23T09:00:05.000Z'),
  claimed: new Date('2026-11-23T09:00:05.150Z'),
  answered: new Date('2026-11-23T09:00:05.420Z'),
  heard: new Date('2026-11-23T09:00:05.600Z'),
  refundRequested: new Date('2026-11-23T10:00:00.000Z'),
  paidBack: new Date('2026-11-23T10:00:00.310Z'),
};

interface Characters {
  readonly buyer: string;
  readonly couponId: string;
  readonly paymentMethod: string;
  /** What the PG says to the charge. */
  readonly answer: ChargeOutcome;
}

const found = <T>(item: T | undefined): T => {
  if (item === undefined) throw new Error('The story needs a shop that has it.');

  return item;
};

const tea: Product = {
  ...found(shop.products.find(({ sku }) => sku === 'tea')),
  reserved: 0,
  sold: 0,
  received: 1_000,
};

/** Two packets of tea with a coupon, paid: every item that it touches, at each step. The keys are `sample-order` and `sample-payment`. */
export const tell = ({ buyer, couponId, paymentMethod, answer }: Characters) => {
  const coupon: Coupon = {
    ...found(shop.coupons.find((each) => each.couponId === couponId)),
    status: 'AVAILABLE',
  };
  const lines = [{ sku: tea.sku, quantity: 2 }];
  const order = placeOrder({
    orderId: orderIdOf(buyer, 'sample-order'),
    userId: buyer,
    lines,
    products: [tea],
    coupon,
    requestHash: requestHashOf({ lines, couponId }),
    at: moments.ordered,
  });
  const request = {
    paymentId: paymentIdOf(buyer, 'sample-payment'),
    order,
    paymentMethod,
    requestHash: requestHashOf({ orderId: order.orderId, paymentMethod }),
  };

  const accepted = openPayment(request, moments.accepted, timings.cloud.unclaimedAfterMs);
  const expiry = new Date(moments.claimed.getTime() + timings.cloud.claimMs).toISOString();
  const claimed = advance(accepted, 'claimed', {
    at: moments.claimed,
    by: 'charge-payment',
    change: { attempt: 1, claimExpiresAt: expiry, dueAt: expiry },
  });
  const { transition, detail, change } = verdictOf(answer, claimed.attempt);
  const answered = advance(claimed, transition, {
    at: moments.answered,
    by: 'charge-payment',
    detail,
    asked: [{ operation: 'charge', outcome: answer.outcome, tookMs: 240 }],
    ...(change && { change }),
  });

  return { coupon, product: tea, order, request, accepted, claimed, answered };
};

export type Story = ReturnType<typeof tell>;

/** Alice pays, and the PG says yes. */
export const completed = tell({
  buyer: 'alice',
  couponId: 'welcome-alice',
  paymentMethod: 'sim_approve',
  answer: {
    outcome: 'approved',
    transactionId: 'txn_7c0f3b9e4d2a',
    approvedAt: '2026-11-23T09:00:05.390Z',
  },
});

/** Carol pays, and the PG says no. */
export const declined = tell({
  buyer: 'carol',
  couponId: 'welcome-carol',
  paymentMethod: 'sim_decline',
  answer: {
    outcome: 'declined',
    code: 'insufficient_funds',
    reason: 'The card has insufficient funds.',
  },
});

const wish = { lines: [{ sku: tea.sku, quantity: 1, restock: true }] };
const reason = 'One packet was more than enough.';

/** Alice sends one of the two packets back. The key is `sample-refund`. */
export const requested = openRefund(
  {
    refundId: refundIdOf('alice', completed.answered.paymentId, 'sample-refund'),
    payment: completed.answered,
    order: completed.order,
    wish,
    reason,
    requestHash: requestHashOf({ ...wish, reason }),
  },
  moments.refundRequested,
  'request-refund',
);

/** The PG has paid it back. */
export const refunded = settleRefund(requested, {
  at: moments.paidBack,
  by: 'execute-refund',
  detail: 'paid back as rfn_51d0c8e7a4b2',
  asked: [{ operation: 'refund', outcome: 'refunded', tookMs: 190 }],
  pg: { refundId: 'rfn_51d0c8e7a4b2', refundedAt: '2026-11-23T10:00:00.280Z' },
});
