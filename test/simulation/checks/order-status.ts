import type { Order } from '../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { Check } from './check.ts';
import { isPaymentUndone, ordersOf, paymentsOf, sumOf, unless } from './stored-items.ts';

/** How far a completed payment is refunded: by amount, or by units if it cost nothing. */
const refundStage = ({ amount, refunded, refundedUnits = 0, reservation }: Payment) => {
  const [done, all] =
    amount > 0
      ? [refunded, amount]
      : [refundedUnits, sumOf(reservation?.lines ?? [], ({ quantity }) => quantity)];
  if (done === 0) return 'COMPLETED';

  return done < all ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
};

/** The statuses that an order may have with these payments. */
const expectedStatuses = (payments: readonly Payment[]): readonly Order['status'][] => {
  const [completed] = payments.filter(({ status }) => status === 'COMPLETED');
  if (completed) return [refundStage(completed)];
  if (payments.some(({ status, reservation }) => status === 'FAILED' && reservation))
    return ['PAYING', 'CANCELLED'];
  if (payments.some((payment) => !isPaymentUndone(payment))) return ['PAYING', 'CANCELLED'];
  if (payments.some(({ status }) => status !== 'FAILED')) return ['CANCELLED'];

  return ['PENDING_PAYMENT', 'CANCELLED'];
};

const faultsOf = (order: Order, payments: readonly Payment[]): readonly string[] => {
  const { orderId, status, activePaymentId } = order;
  const completed = payments.filter((payment) => payment.status === 'COMPLETED');
  const expected = expectedStatuses(payments);
  const isActive = payments.some(({ paymentId }) => paymentId === activePaymentId);
  const described = payments.map((payment) => `${payment.paymentId} ${payment.status}`);

  return [
    ...unless(completed.length <= 1, () => `${orderId} is paid by ${described}`),
    ...unless(
      expected.includes(status),
      () => `${orderId} is ${status}, not ${expected.join(' or ')}: ${described}`,
    ),
    ...unless(
      activePaymentId === undefined || isActive,
      () => `${orderId} is held by ${activePaymentId}, which is not its payment`,
    ),
    ...unless(
      completed.length === 0 || activePaymentId === completed[0]?.paymentId,
      () => `${orderId} is held by ${activePaymentId}, and paid by ${described}`,
    ),
  ];
};

export const orderStatus: Check = {
  name: 'order-status',
  property:
    'The status of an order follows from its payments: it is paid by at most one, refunded as far as that one, held by an open one, and cancelled after a failed one.',
  invariants: [2, 4, 7],
  atEnd: (run) => {
    const payments = Map.groupBy(paymentsOf(run), ({ orderId }) => orderId);
    const orders = ordersOf(run);
    const known = new Set(orders.map(({ orderId }) => orderId));

    return [
      ...orders.flatMap((order) => faultsOf(order, payments.get(order.orderId) ?? [])),
      ...[...payments.keys()]
        .filter((orderId) => !known.has(orderId))
        .map((orderId) => `${orderId} has payments and does not exist`),
    ];
  },
};
