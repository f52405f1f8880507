import type { Order, OrderStatus } from '../../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { TransitionName } from '../../../../shared/domain/payments/payment-transitions.ts';
import { judge } from '../../../../shared/domain/reconciliation/compare-snapshots.ts';
import {
  type BookedCharge,
  type BookedRefund,
  type Counters,
  type Histories,
  positionsIn,
  type Undone,
} from '../../../../shared/domain/reconciliation/records.ts';
import {
  aBalance,
  aCoupon,
  anOrder,
  aPayment,
  aProduct,
} from '../../../support/builders/builders.ts';
import { movedBy } from '../../../support/builders/payment-history.ts';

export type Books = Histories & Counters;

const lines = [{ sku: 'tea', quantity: 2, unitPrice: 1_250 }];

/** Ann's order of two teas with a coupon, 2,000 KRW. */
export const order = (status: OrderStatus = 'PAYING', given: Partial<Order> = {}): Order => ({
  ...anOrder({ orderId: 'ord_1', userId: 'ann', lines, couponId: 'welcome', discount: 500 }),
  status,
  ...(status !== 'CANCELLED' && { activePaymentId: 'pay_1' }),
  version: 2,
  ...given,
});

/** The same before anyone pays it. */
export const unpaid = (given: Partial<Order> = {}): Order => {
  const { activePaymentId, ...rest } = order('PENDING_PAYMENT', given);

  return rest;
};

export const payment = (...moves: TransitionName[]): Payment =>
  movedBy(aPayment({ order: order(), paymentId: 'pay_1' }), ...moves);

export const charged = (given: Partial<BookedCharge> = {}): BookedCharge => ({
  reference: 'pay_1',
  currency: 'KRW',
  captured: 2_000,
  captures: 1,
  refunded: 0,
  ...given,
});

export const refund = (given: Partial<BookedRefund> = {}): BookedRefund => ({
  refundId: 'rfd_1',
  paymentId: 'pay_1',
  status: 'SUCCEEDED',
  version: 2,
  amount: 1_000,
  lines: [{ sku: 'tea', quantity: 1, restock: true, amount: 1_000 }],
  ...given,
});

const used = { status: 'USED', orderId: 'ord_1' } as const;
export const coupon = (given: object = used) =>
  aCoupon({ userId: 'ann', couponId: 'welcome', amountOff: 500, ...given });

export const givenBack: readonly Undone[] = [
  { paymentId: 'pay_1', of: 'balance', id: 'ann', delta: 2_000 },
  { paymentId: 'pay_1', of: 'stock', id: 'tea', delta: 2 },
  { paymentId: 'pay_1', of: 'order', id: 'ord_1', delta: 0 },
  { paymentId: 'pay_1', of: 'coupon', id: 'welcome', delta: 0 },
];

export const moneyIn = (held: number, spent: number) =>
  aBalance({ userId: 'ann', available: 10_000 - held - spent, held, spent });
export const unitsIn = (reserved: number, sold: number) =>
  aProduct({ sku: 'tea', available: 100 - reserved - sold, reserved, sold });

export const base: Books = {
  payments: [],
  undone: [],
  refunds: [],
  orders: [],
  skips: [],
  unreadable: [],
  balances: [moneyIn(0, 0)],
  products: [unitsIn(0, 0)],
  coupons: [coupon()],
  charges: [],
  unreadableCounters: [],
};

/** The books with a payment that still holds what it reserved. */
export const holding = (...moves: TransitionName[]): Books => ({
  ...base,
  payments: [payment(...moves)],
  orders: [order()],
  balances: [moneyIn(2_000, 0)],
  products: [unitsIn(2, 0)],
});

export const paid: Books = {
  ...base,
  payments: [payment('claimed', 'captured')],
  orders: [order('COMPLETED')],
  balances: [moneyIn(0, 2_000)],
  products: [unitsIn(0, 2)],
  charges: [charged()],
};

export const undone = (...moves: TransitionName[]): Books => ({
  ...base,
  payments: [payment(...moves)],
  undone: givenBack,
  orders: [order('CANCELLED')],
  coupons: [coupon({ status: 'AVAILABLE' })],
});

export const compensated = undone('claimed', 'declined', 'compensated');

/** Half of it refunded, and one tea back on the shelf. */
export const refunded: Books = {
  ...paid,
  payments: [{ ...payment('claimed', 'captured'), refunded: 1_000 }],
  refunds: [refund()],
  orders: [order('PARTIALLY_REFUNDED')],
  balances: [moneyIn(0, 1_000)],
  products: [unitsIn(0, 1)],
  charges: [charged({ refunded: 1_000 })],
};

export const judged = (books: Books, before: Histories = books) =>
  judge(positionsIn(before), books, books);

export const disagreements = (books: Books) =>
  judged(books).findings.flatMap((finding) => finding.disagreements);

/** Who disagrees, in what, and by how much. */
export const told = (books: Books) =>
  disagreements(books).map(
    ({ kind, id, what, by, unit }) => `${kind} ${id}: ${what} ${by} ${unit}`,
  );

/** The same of what skipped bookings account for. */
export const explained = (books: Books) =>
  judged(books)
    .findings.flatMap((finding) => finding.explained ?? [])
    .map(({ kind, id, what, by, unit }) => `${kind} ${id}: ${what} ${by} ${unit}`);
