import type { OrderLine } from '../../../shared/domain/orders/order.ts';

/** A kind of payment whose cost is counted. */
export interface PaymentKind {
  readonly name: string;
  /** Lines of the order; each distinct sku is an item more in the transactions. */
  readonly lines: readonly OrderLine[];
  readonly paymentMethod: string;
  /** Minor units that the buyer has, where it is not plenty. */
  readonly available?: number;
  /** Units in stock, where it is not plenty. */
  readonly stock?: number;
  /** A coupon that covers so much. */
  readonly discount?: number;
  /** How often the same request comes. */
  readonly requests?: number;
  /** Status of the answer, and of the payment in the end. */
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
    discount: 3_500,
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
