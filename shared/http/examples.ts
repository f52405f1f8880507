import { Refusal, type RefusalData } from '../domain/errors.ts';
import { orderIdOf, paymentIdOf, refundIdOf, reviewIdOf } from '../domain/ids.ts';
import type { RequestHeader, ResponseHeader } from './operation.ts';
import { toProblem } from './problem.ts';
import { relativeTo } from './relative-reference.ts';

const buyer = 'alice';
const orderKey = 'sample-order';
const paymentKey = 'sample-payment';
const refundKey = 'sample-refund';
const paymentId = paymentIdOf(buyer, paymentKey);

/** Whom the examples are about. Ids follow from a buyer and a key, so whoever plays alice has these under names of their own. */
export const alice = {
  buyer,
  sku: 'tea',
  couponId: 'welcome-alice',
  orderKey,
  paymentKey,
  refundKey,
  orderId: orderIdOf(buyer, orderKey),
  paymentId,
  refundId: refundIdOf(buyer, paymentId, refundKey),
  reviewId: reviewIdOf(paymentId, 3),
} as const;

/** What there is before an example. */
export const givens = {
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

export type Given = keyof typeof givens;

/** A request of alice's, and the answer to it. */
export interface Example {
  readonly summary: string;
  readonly given: Given;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Partial<Record<RequestHeader, string>>>;
  readonly body?: unknown;
  readonly answer: ExampleAnswer;
  /** What everybody does goes into the body, so no run has this one: its schema is held, not its values. */
  readonly isOfEverybody?: true;
}

interface ExampleAnswer {
  readonly status: number;
  readonly headers?: Readonly<Partial<Record<ResponseHeader, string>>>;
  readonly body?: unknown;
}

/** The answer of a path to a refusal. */
export const refusedAt = (instance: string, data: RefusalData): ExampleAnswer => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const { status, headers, body } = toProblem(new Refusal(data), { instance, traceId });
  const { location } = { ...headers };

  return {
    status,
    ...(location && { headers: { Location: relativeTo(instance, location) } }),
    body,
  };
};
