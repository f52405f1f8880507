import type { Line } from '../../../shared/domain/orders/order.ts';

/** A kind of payment whose cost is counted. */
export interface Kind {
  readonly name: string;
  /** Lines of the order; each distinct sku is an item more in the transactions. */
  readonly lines: readonly Line[];
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
  readonly answered: number;
  readonly ends: string;
}

const one = [{ sku: 'tea', quantity: 1 }];

export const kinds: readonly Kind[] = [
  {
    name: 'approved',
    lines: one,
    paymentMethod: 'sim_approve',
    answered: 202,
    ends: 'COMPLETED',
  },
  {
    name: 'approved, three skus',
    lines: ['tea', 'coffee', 'cup'].map((sku) => ({ sku, quantity: 1 })),
    paymentMethod: 'sim_approve',
    answered: 202,
    ends: 'COMPLETED',
  },
  {
    name: 'approved, sent twice',
    lines: one,
    paymentMethod: 'sim_approve',
    requests: 2,
    answered: 202,
    ends: 'COMPLETED',
  },
  {
    name: 'covered by its coupon',
    lines: one,
    paymentMethod: 'sim_approve',
    discount: 3_500,
    answered: 202,
    ends: 'COMPLETED',
  },
  {
    name: 'declined',
    lines: one,
    paymentMethod: 'sim_decline',
    answered: 202,
    ends: 'COMPENSATED',
  },
  {
    name: 'answer lost, then confirmed',
    lines: one,
    paymentMethod: 'sim_error_after_effect',
    answered: 202,
    ends: 'COMPLETED',
  },
  {
    name: 'out of stock',
    lines: one,
    paymentMethod: 'sim_approve',
    stock: 0,
    answered: 409,
    ends: 'COMPENSATED',
  },
  {
    name: 'balance too small',
    lines: one,
    paymentMethod: 'sim_approve',
    available: 100,
    answered: 402,
    ends: 'COMPENSATED',
  },
];
