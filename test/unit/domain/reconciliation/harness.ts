import type { Order, OrderStatus } from '../../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { PaymentTransitionName } from '../../../../shared/domain/payments/payment-transitions.ts';
import { compareSnapshots } from '../../../../shared/domain/reconciliation/compare-snapshots.ts';
import {
  type GatewayCharge,
  type RefundRecord,
  type RestorationRecord,
  type UnversionedRecords,
  type VersionedRecords,
  versionsOf,
} from '../../../../shared/domain/reconciliation/records.ts';
import {
  aBalance,
  aCoupon,
  anOrder,
  aPayment,
  aProduct,
} from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';

export type StoreContents = VersionedRecords & UnversionedRecords;

const lines = [{ sku: 'tea', quantity: 2, unitPrice: 1_250 }];

/** Ann's order of two teas with a coupon, 2,000 KRW: 1,200 from the balance and 800 by the gateway. */
export const order = (status: OrderStatus = 'PAYING', given: Partial<Order> = {}): Order => ({
  ...anOrder({ orderId: 'ord_1', userId: 'ann', lines, couponId: 'welcome', discount: 500 }),
  status,
  ...(status !== 'CANCELLED' && { activePaymentId: 'pay_1' }),
  version: 2,
  ...given,
});

/** The same order before its payment. */
export const unpaid = (given: Partial<Order> = {}): Order => {
  const { activePaymentId, ...rest } = order('PENDING_PAYMENT', given);

  return rest;
};

export const payment = (...transitions: PaymentTransitionName[]): Payment =>
  afterTransitions(
    aPayment({ order: order(), balanceAmount: 1_200, paymentId: 'pay_1' }),
    ...transitions,
  );

/** The same order paid by the gateway alone. */
export const cardPayment = (...transitions: PaymentTransitionName[]): Payment =>
  afterTransitions(
    aPayment({ order: order(), balanceAmount: 0, paymentId: 'pay_1' }),
    ...transitions,
  );

/** The same order paid from the balance alone. */
export const balancePayment = (...transitions: PaymentTransitionName[]): Payment =>
  afterTransitions(
    aPayment({ order: order(), balanceAmount: 2_000, paymentId: 'pay_1' }),
    ...transitions,
  );

export const gatewayCharge = (given: Partial<GatewayCharge> = {}): GatewayCharge => ({
  reference: 'pay_1',
  currency: 'KRW',
  captured: 800,
  captures: 1,
  refunded: 0,
  ...given,
});

export const refund = (given: Partial<RefundRecord> = {}): RefundRecord => ({
  refundId: 'rfd_1',
  paymentId: 'pay_1',
  status: 'SUCCEEDED',
  version: 2,
  amount: 1_000,
  gatewayAmount: 800,
  lines: [{ sku: 'tea', quantity: 1, restock: true, amount: 1_000 }],
  ...given,
});

const usedByOrder = { status: 'USED', orderId: 'ord_1' } as const;
export const coupon = (given: object = usedByOrder) =>
  aCoupon({ userId: 'ann', couponId: 'welcome', amountOff: 500, ...given });

export const compensationRecords: readonly RestorationRecord[] = [
  { paymentId: 'pay_1', of: 'balance', id: 'ann', delta: 1_200 },
  { paymentId: 'pay_1', of: 'stock', id: 'tea', delta: 2 },
  { paymentId: 'pay_1', of: 'order', id: 'ord_1', delta: 0 },
  { paymentId: 'pay_1', of: 'coupon', id: 'welcome', delta: 0 },
];

export const balanceWith = (held: number, spent: number) =>
  aBalance({ userId: 'ann', available: 10_000 - held - spent, held, spent });
export const productWith = (reserved: number, sold: number) =>
  aProduct({ sku: 'tea', available: 100 - reserved - sold, reserved, sold });

export const emptyStores: StoreContents = {
  payments: [],
  restorations: [],
  refunds: [],
  orders: [],
  skips: [],
  unreadable: [],
  balances: [balanceWith(0, 0)],
  products: [productWith(0, 0)],
  coupons: [coupon()],
  charges: [],
  unreadableCounters: [],
};

/** The stores with a payment that still holds its reservation. */
export const storesWithHold = (...transitions: PaymentTransitionName[]): StoreContents => ({
  ...emptyStores,
  payments: [payment(...transitions)],
  orders: [order()],
  balances: [balanceWith(1_200, 0)],
  products: [productWith(2, 0)],
});

export const completedStores: StoreContents = {
  ...emptyStores,
  payments: [payment('claimed', 'captured')],
  orders: [order('COMPLETED')],
  balances: [balanceWith(0, 1_200)],
  products: [productWith(0, 2)],
  charges: [gatewayCharge()],
};

export const storesAfterCompensation = (
  ...transitions: PaymentTransitionName[]
): StoreContents => ({
  ...emptyStores,
  payments: [payment(...transitions)],
  restorations: compensationRecords,
  orders: [order('CANCELLED')],
  coupons: [coupon({ status: 'AVAILABLE' })],
});

export const compensatedStores = storesAfterCompensation('claimed', 'declined', 'compensated');

/** Half of it refunded: 800 by the gateway and 200 to the balance. One tea is restocked. */
export const refundedStores: StoreContents = {
  ...completedStores,
  payments: [{ ...payment('claimed', 'captured'), refunded: 1_000, gatewayRefunded: 800 }],
  refunds: [refund()],
  orders: [order('PARTIALLY_REFUNDED')],
  balances: [balanceWith(0, 1_000)],
  products: [productWith(0, 1)],
  charges: [gatewayCharge({ refunded: 800 })],
};

export const compare = (stores: StoreContents, before: VersionedRecords = stores) =>
  compareSnapshots(versionsOf(before), stores, stores);

export const discrepanciesIn = (stores: StoreContents) =>
  compare(stores).results.flatMap((result) => result.discrepancies);

/** One line per discrepancy: subject, check, difference. */
export const describeDiscrepancies = (stores: StoreContents) =>
  discrepanciesIn(stores).map(
    ({ kind, id, check, difference, unit }) => `${kind} ${id}: ${check} ${difference} ${unit}`,
  );

/** One line per explained discrepancy. */
export const describeExplained = (stores: StoreContents) =>
  compare(stores)
    .results.flatMap((result) => result.explained ?? [])
    .map(
      ({ kind, id, check, difference, unit }) => `${kind} ${id}: ${check} ${difference} ${unit}`,
    );
