import type { Coupon, Order, OrderStatus } from '../orders/order.ts';
import { refundStageOf } from '../payments/payment.ts';
import {
  comparing,
  type Disagreement,
  explainedIf,
  type Finding,
  type Subject,
} from './discrepancy.ts';
import { skipsOf } from './skipped-bookings.ts';
import { type Account, givenBack, isCompensated, type View } from './snapshot.ts';

const nobody = 'nobody';

/** Every order against its payments: at most one that is open or paid, and the order says which and how far it is. */
export const orderFindings = ({ orders, accounts, isStill }: View): Finding[] => {
  const known = new Map(orders.map((order) => [order.orderId, order]));
  const payers = Map.groupBy(accounts, ({ payment }) => payment.orderId);

  return [...new Set([...known.keys(), ...payers.keys()])].map((id) => {
    const own = payers.get(id) ?? [];
    const order = known.get(id);

    return {
      subject: { kind: 'order', id },
      isStill: isStill({ accounts: own, orders: [id] }),
      ...explainedIf(
        own.some((account) => skipsOf(account, 'order', id).length > 0),
        order ? ofOrder(order, own) : missing(id, own),
      ),
    };
  });
};

const ofOrder = (order: Order, own: readonly Account[]): Disagreement[] => {
  const subject: Subject = { kind: 'order', id: order.orderId };
  const { count, state } = comparing(subject, order.currency);
  const [active, ...more] = own.filter(({ standing }) => standing !== 'failed');
  const { statuses, payer } = active ? heldBy(active) : free(order, own);

  return [
    ...more.flatMap(({ payment }) => count('paid by another payment too', payment.amount, 0)),
    ...(active ? count('total', order.total, active.payment.amount) : []),
    ...state('status', order.status, statuses, order.total),
    ...state('active payment', order.activePaymentId ?? nobody, [payer], order.total),
  ];
};

const heldBy = ({ payment, standing }: Account) => ({
  statuses: [standing === 'paid' ? refundStageOf(payment) : 'PAYING'] satisfies OrderStatus[],
  payer: payment.paymentId,
});

/** No payment has it: it waits for one, was released, or is about to be by the compensation of the last one. */
const free = ({ status, activePaymentId }: Order, own: readonly Account[]) => {
  const last = own.find(({ payment }) => payment.paymentId === activePaymentId);
  const isReleased =
    !last || isCompensated(last) || givenBack(last, 'order', last.payment.orderId) !== undefined;
  if (status === 'PAYING' && !isReleased) {
    return { statuses: [status], payer: last.payment.paymentId };
  }

  return { statuses: ['PENDING_PAYMENT', 'CANCELLED'] satisfies OrderStatus[], payer: nobody };
};

const missing = (id: string, own: readonly Account[]): Disagreement[] =>
  own.flatMap(({ payment: { amount, currency, paymentId } }) =>
    comparing({ kind: 'order', id }, currency).state('order', 'none', [`of ${paymentId}`], amount),
  );

/** Every coupon against the orders that were priced with it: used by the one that is not cancelled, and by no other. */
export const couponFindings = ({ coupons, orders, accounts, isStill }: View): Finding[] => {
  const skips = accounts.flatMap((account) => account.skips);
  const gone = new Set(skips.filter(({ of }) => of === 'order').map(({ id }) => id));
  const known = new Map(coupons.map((coupon) => [nameOf(coupon), coupon]));
  const priced = Map.groupBy(
    orders.flatMap(({ couponId, ...order }) => (couponId ? [{ ...order, couponId }] : [])),
    nameOf,
  );

  return [...new Set([...known.keys(), ...priced.keys()])].map((id) => {
    const own = priced.get(id) ?? [];
    const coupon = known.get(id);

    return {
      subject: { kind: 'coupon', id },
      isStill: isStill({ orders: own.map(({ orderId }) => orderId) }),
      ...explainedIf(
        coupon?.orderId !== undefined && gone.has(coupon.orderId),
        ofCoupon(id, coupon, own),
      ),
    };
  });
};

const nameOf = ({ userId, couponId }: { userId: string; couponId: string }) =>
  `${userId}/${couponId}`;

const ofCoupon = (
  id: string,
  coupon: Coupon | undefined,
  own: readonly Pick<Order, 'orderId' | 'status' | 'discount' | 'currency'>[],
): Disagreement[] => {
  const [user, ...more] = own.filter(({ status }) => status !== 'CANCELLED');
  const { state } = comparing({ kind: 'coupon', id }, coupon?.currency ?? user?.currency ?? '');
  const found =
    coupon?.status === 'USED' ? `USED by ${coupon.orderId}` : (coupon?.status ?? 'none');
  const free = coupon ? ['AVAILABLE', 'EXPIRED'] : ['none'];
  const stake = user?.discount ?? coupon?.amountOff ?? 0;

  return [
    ...state('status', found, user ? [`USED by ${user.orderId}`] : free, stake),
    ...more.flatMap(({ orderId, discount }) =>
      state('status', found, [`USED by ${orderId}`], discount),
    ),
  ];
};
