import { type Rejection, RejectionError } from '../domain/errors.ts';
import { deriveOrderId, derivePaymentId, deriveRefundId, deriveReviewId } from '../domain/ids.ts';
import type { RequestHeader, ResponseHeader } from './headers.ts';
import { toProblem } from './problem.ts';
import { relativeReference } from './relative-reference.ts';

const buyer = 'alice';
const orderKey = 'sample-order';
const paymentKey = 'sample-payment';
const refundKey = 'sample-refund';
const paymentId = derivePaymentId(buyer, paymentKey);

/**
 * The buyer of the examples. IDs derive from a buyer and a key: a test that runs them as another buyer has
 * other ids.
 */
export const alice = {
  buyer,
  sku: 'tea',
  couponId: 'welcome-alice',
  orderKey,
  paymentKey,
  refundKey,
  orderId: deriveOrderId(buyer, orderKey),
  paymentId,
  refundId: deriveRefundId(buyer, paymentId, refundKey),
  reviewId: deriveReviewId(paymentId, 3),
} as const;

/** The state before an example, as text. */
export const fixtures = {
  shop: 'Tea costs 3,500 won. Alice has a balance of 1,000,000 won and a coupon of 2,000 won.',
  order: 'Alice has an order of two packets of tea with her coupon, 5,000 won.',
  expired: 'Alice has an expired order of 5,000 won.',
  'low balance': 'Alice has an order of 5,000 won and a balance of 1,999 won.',
  'last packet': 'Alice has an order of two packets of tea; one packet is in stock.',
  waiting: 'Alice has a payment of 5,000 won that waits for a payment method for 3,000 won of it.',
  charging: 'Alice has a payment of 5,000 won that is in flight at the gateway.',
  completed: 'Alice has a completed payment of 5,000 won.',
  rewarded: 'Alice has a completed payment of 5,000 won; points and rankings are updated.',
  refunded: 'Alice has a completed payment of 5,000 won; one packet is refunded and restocked.',
  declined: 'The gateway declined a payment of Alice; the payment is compensated.',
  reviewed:
    'The gateway approved one won too many for a payment of Alice and has refunded all of it; the payment is under review.',
} as const;

export type Fixture = keyof typeof fixtures;

/** A request of alice, and the response to it. */
export interface Example {
  readonly summary: string;
  readonly fixture: Fixture;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Partial<Record<RequestHeader, string>>>;
  readonly body?: unknown;
  readonly response: ExampleResponse;
  /** A setting that the local stage does not have: there the example cannot be tried. */
  readonly needsSetting?: 'reviewApprovalAmount';
  /** The body depends on other buyers: tests check its schema, not its values. */
  readonly hasSharedData?: true;
}

interface ExampleResponse {
  readonly status: number;
  readonly headers?: Readonly<Partial<Record<ResponseHeader, string>>>;
  readonly body?: unknown;
}

/** The response of a path to a rejection. */
export const rejectionExample = (instance: string, data: Rejection): ExampleResponse => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const { status, headers, body } = toProblem(new RejectionError(data), { instance, traceId });
  const { location } = { ...headers };

  return {
    status,
    ...(location && { headers: { Location: relativeReference(instance, location) } }),
    body,
  };
};
