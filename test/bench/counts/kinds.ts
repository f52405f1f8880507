import type { OrderLine } from '../../../shared/domain/orders/order.ts';

/** A kind of payment whose cost is counted. */
export interface PaymentKind {
  readonly name: string;
  /** Lines of the order; each distinct sku adds an item to the transactions. */
  readonly lines: readonly OrderLine[];
  readonly paymentMethod: string;
  /** Minor units to take from the balance: a part of each order unless the kind says otherwise. */
  readonly balanceAmount?: number;
  /** The buyer's balance in minor units, if limited. */
  readonly available?: number;
  /** Units in stock, if limited. */
  readonly stock?: number;
  /** The amount of a coupon, if there is one. */
  readonly discount?: number;
  /** Accepted without its payment method, and then confirmed with it. */
  readonly isConfirmed?: true;
  /** The request has the order as it was answered. */
  readonly isOrderSent?: true;
  /** How often the same request is sent. */
  readonly requests?: number;
  /** The status of the response, and the final status of the payment. */
  readonly expectedStatus: number;
  readonly finalStatus: string;
}

const oneLine = [{ sku: 'tea', quantity: 1 }];

export const paymentKinds: readonly PaymentKind[] = [
  {
    name: 'approved',
    lines: oneLine,
    paymentMethod: 'sim_approve',
    expectedStatus: 202,
    finalStatus: 'COMPLETED',
  },
  {
    name: 'approved, order sent',
    lines: oneLine,
    paymentMethod: 'sim_approve',
    isOrderSent: true,
    expectedStatus: 202,
    finalStatus: 'COMPLETED',
  },
  {
    name: 'approved, three skus',
    lines: ['tea', 'coffee', 'cup'].map((sku) => ({ sku, quantity: 1 })),
    paymentMethod: 'sim_approve',
    expectedStatus: 202,
    finalStatus: 'COMPLETED',
  },
  {
    name: 'approved, sent twice',
    lines: oneLine,
    paymentMethod: 'sim_approve',
    requests: 2,
    expectedStatus: 202,
    finalStatus: 'COMPLETED',
  },
  {
    name: 'covered by its coupon',
    lines: oneLine,
    paymentMethod: 'sim_approve',
    balanceAmount: 0,
    discount: 3_500,
    expectedStatus: 202,
    finalStatus: 'COMPLETED',
  },
  {
    name: 'by the gateway alone',
    lines: oneLine,
    paymentMethod: 'sim_approve',
    balanceAmount: 0,
    expectedStatus: 202,
    finalStatus: 'COMPLETED',
  },
  {
    name: 'from the balance alone',
    lines: oneLine,
    paymentMethod: 'sim_approve',
    balanceAmount: 3_500,
    expectedStatus: 202,
    finalStatus: 'COMPLETED',
  },
  {
    name: 'confirmed with its payment method',
    lines: oneLine,
    paymentMethod: 'sim_approve',
    isConfirmed: true,
    expectedStatus: 202,
    finalStatus: 'COMPLETED',
  },
  {
    name: 'declined',
    lines: oneLine,
    paymentMethod: 'sim_decline',
    expectedStatus: 202,
    finalStatus: 'COMPENSATED',
  },
  {
    name: 'answer lost, then confirmed',
    lines: oneLine,
    paymentMethod: 'sim_error_after_effect',
    expectedStatus: 202,
    finalStatus: 'COMPLETED',
  },
  {
    name: 'out of stock',
    lines: oneLine,
    paymentMethod: 'sim_approve',
    stock: 0,
    expectedStatus: 409,
    finalStatus: 'COMPENSATED',
  },
  {
    name: 'balance too small',
    lines: oneLine,
    paymentMethod: 'sim_approve',
    available: 100,
    expectedStatus: 402,
    finalStatus: 'COMPENSATED',
  },
];
