import type { Coupon, Order, OrderStatus } from '../orders/order.ts';
import { refundStageOf } from '../payments/buyer-status.ts';
import {
  type Discrepancy,
  discrepanciesFor,
  type Subject,
  type SubjectResult,
  splitExplained,
} from './discrepancy.ts';
import { skipsOf } from './skipped-bookings.ts';
import {
  hasFinishedCompensation,
  type PaymentAccount,
  restoredAmount,
  type Snapshot,
} from './snapshot.ts';

const noPayment = 'none';

/**
 * Compares every order with its payments: at most one holds or has captured its total, and the order names
 * it.
 */
export const compareOrders = ({ orders, accounts, isStable }: Snapshot): SubjectResult[] => {
  const ordersById = new Map(orders.map((order) => [order.orderId, order]));
  const accountsByOrder = Map.groupBy(accounts, ({ payment }) => payment.orderId);

  return [...new Set([...ordersById.keys(), ...accountsByOrder.keys()])].map((id) => {
    const accountsOfOrder = accountsByOrder.get(id) ?? [];
    const order = ordersById.get(id);

    return {
      subject: { kind: 'order', id },
      isStable: isStable({ accounts: accountsOfOrder, orders: [id] }),
      ...splitExplained(
        accountsOfOrder.some((account) => skipsOf(account, 'order', id).length > 0),
        order
          ? orderDiscrepancies(order, accountsOfOrder)
          : missingOrderDiscrepancies(id, accountsOfOrder),
      ),
    };
  });
};

const orderDiscrepancies = (
  order: Order,
  accountsOfOrder: readonly PaymentAccount[],
): Discrepancy[] => {
  const subject: Subject = { kind: 'order', id: order.orderId };
  const { count, state } = discrepanciesFor(subject, order.currency);
  const [active, ...more] = accountsOfOrder.filter(({ fundsState }) => fundsState !== 'releasable');
  const { statuses, payer: paymentId } = active
    ? expectedWhenHeld(active)
    : expectedWhenReleased(order, accountsOfOrder);

  return [
    ...more.flatMap(({ payment }) => count('second active payment', payment.amount, 0)),
    ...(active ? count('total', order.total, active.payment.amount) : []),
    ...state('status', order.status, statuses, order.total),
    ...state('active payment', order.activePaymentId ?? noPayment, [paymentId], order.total),
  ];
};

const expectedWhenHeld = ({ payment, fundsState }: PaymentAccount) => ({
  statuses: [fundsState === 'captured' ? refundStageOf(payment) : 'PAYING'] satisfies OrderStatus[],
  payer: payment.paymentId,
});

/**
 * Without an active payment the order is unpaid, released, or about to be released by a running compensation.
 */
const expectedWhenReleased = (
  { status, activePaymentId }: Order,
  accountsOfOrder: readonly PaymentAccount[],
) => {
  const last = accountsOfOrder.find(({ payment }) => payment.paymentId === activePaymentId);
  const isReleased =
    !last ||
    hasFinishedCompensation(last) ||
    restoredAmount(last, 'order', last.payment.orderId) !== undefined;
  if (status === 'PAYING' && !isReleased) {
    return { statuses: [status], payer: last.payment.paymentId };
  }

  return { statuses: ['PENDING_PAYMENT', 'CANCELLED'] satisfies OrderStatus[], payer: noPayment };
};

const missingOrderDiscrepancies = (
  id: string,
  accountsOfOrder: readonly PaymentAccount[],
): Discrepancy[] =>
  accountsOfOrder.flatMap(({ payment: { amount, currency, paymentId } }) =>
    discrepanciesFor({ kind: 'order', id }, currency).state(
      'order',
      'missing',
      [`order of ${paymentId}`],
      amount,
    ),
  );

/** Compares every coupon with the orders that it discounts: only the one that is not cancelled uses it. */
export const compareCoupons = ({
  coupons,
  orders,
  accounts,
  isStable,
}: Snapshot): SubjectResult[] => {
  const skips = accounts.flatMap((account) => account.skips);
  const missingOrderIds = new Set(skips.filter(({ of }) => of === 'order').map(({ id }) => id));
  const couponsById = new Map(coupons.map((coupon) => [couponKeyOf(coupon), coupon]));
  const priced = Map.groupBy(
    orders.flatMap(({ couponId, ...order }) => (couponId ? [{ ...order, couponId }] : [])),
    couponKeyOf,
  );

  return [...new Set([...couponsById.keys(), ...priced.keys()])].map((id) => {
    const ordersWithCoupon = priced.get(id) ?? [];
    const coupon = couponsById.get(id);

    return {
      subject: { kind: 'coupon', id },
      isStable: isStable({ orders: ordersWithCoupon.map(({ orderId }) => orderId) }),
      ...splitExplained(
        coupon?.orderId !== undefined && missingOrderIds.has(coupon.orderId),
        couponDiscrepancies(id, coupon, ordersWithCoupon),
      ),
    };
  });
};

const couponKeyOf = ({ userId, couponId }: { userId: string; couponId: string }) =>
  `${userId}/${couponId}`;

const couponDiscrepancies = (
  id: string,
  coupon: Coupon | undefined,
  orders: readonly Pick<Order, 'orderId' | 'status' | 'discount' | 'currency'>[],
): Discrepancy[] => {
  const [usingOrder, ...more] = orders.filter(({ status }) => status !== 'CANCELLED');
  const { state } = discrepanciesFor(
    { kind: 'coupon', id },
    coupon?.currency ?? usingOrder?.currency ?? '',
  );
  const found =
    coupon?.status === 'USED' ? `USED by ${coupon.orderId}` : (coupon?.status ?? 'none');
  const free = coupon ? ['AVAILABLE', 'EXPIRED'] : ['none'];
  const amount = usingOrder?.discount ?? coupon?.amountOff ?? 0;

  return [
    ...state('status', found, usingOrder ? [`USED by ${usingOrder.orderId}`] : free, amount),
    ...more.flatMap(({ orderId, discount }) =>
      state('status', found, [`USED by ${orderId}`], discount),
    ),
  ];
};
