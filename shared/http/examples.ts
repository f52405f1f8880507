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

/** Whom the examples are about. Ids follow from a buyer and a key, so whoever plays alice has these under names of their own. */
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

/** What there is before an example. */
export const fixtures = {
  shop: 'Tea costs 3,500 won. Alice has 1,000,000 won and a coupon of 2,000.',
  order: 'Alice has ordered two packets of tea with her coupon: 5,000 won.',
  expired: 'Alice has such an order, and its time has run out.',
  poverty: 'Alice has such an order, and 4,999 won.',
  'last packet': 'Alice has such an order, and there is one packet of tea left.',
  charging: 'Alice pays such an order, and the payment gateway is still at it.',
  completed: 'Alice has paid such an order.',
  rewarded: 'Alice has paid such an order, and what follows from it is done.',
  refunded: 'Alice has paid such an order and got one packet refunded, which is back in the stock.',
  declined: 'Alice wanted to pay such an order, and the payment gateway refused. All is undone.',
  reviewed:
    'Alice pays such an order. The payment gateway approves one won too many, so a person must decide; it has paid all of it back.',
} as const;

export type Fixture = keyof typeof fixtures;

/** A request of alice's, and the answer to it. */
export interface Example {
  readonly summary: string;
  readonly fixture: Fixture;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Partial<Record<RequestHeader, string>>>;
  readonly body?: unknown;
  readonly response: ExampleResponse;
  /** What everybody does goes into the body, so no run has this one: its schema is held, not its values. */
  readonly hasSharedData?: true;
}

interface ExampleResponse {
  readonly status: number;
  readonly headers?: Readonly<Partial<Record<ResponseHeader, string>>>;
  readonly body?: unknown;
}

/** The answer of a path to a refusal. */
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
