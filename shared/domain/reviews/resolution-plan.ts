import { decideRelease, heldAmount, reservedLines } from '../compensation/compensation.ts';
import {
  compensationTarget,
  parseCompensationTarget,
} from '../compensation/compensation-target.ts';
import type { CouponUse, Order } from '../orders/order.ts';
import type { Payment } from '../payments/payment.ts';
import { type PointsRate, pointsFor } from '../points/points-rate.ts';
import type { SkipCause, SkippedBooking } from '../skipped-booking.ts';

export const books = ['balance', 'stock', 'order', 'coupon', 'points'] as const;

/** What changes in one book. */
export interface BookMove {
  readonly book: (typeof books)[number];
  /** The buyer of a balance or of points, the SKU, the order or the coupon. */
  readonly id: string;
  /** The column or status before and after. */
  readonly from: string;
  readonly to: string;
  /** Minor units of money, units of stock, or points; 0 for an order or a coupon. */
  readonly quantity: number;
  /** `decision`: in its transaction. `afterwards`: by a function that follows. */
  readonly when: 'decision' | 'afterwards';
  /** Present if the item does not allow the move: it is recorded and left out. */
  readonly skipped?: SkipCause;
}

/** What a decision moves in the books, and at the gateway. */
export interface ResolutionPlan {
  readonly moves: readonly BookMove[];
  readonly gateway: {
    /** Minor units that are charged: always 0, because no decision charges. */
    readonly charge: number;
    /** Minor units that the service refunds at the gateway afterwards. */
    readonly refund: number;
  };
}

export const emptyPlan: ResolutionPlan = { moves: [], gateway: { charge: 0, refund: 0 } };

type Booking = Pick<SkippedBooking, 'target' | 'delta'>;
type Columns = readonly [from: string, to: string];

interface BookingColumns {
  readonly balance: Columns;
  readonly stock: Columns;
  readonly order: Columns;
}

export const captureColumns = {
  balance: ['held', 'spent'],
  stock: ['reserved', 'sold'],
} as const satisfies Partial<BookingColumns>;

export const refundColumns = {
  balance: ['spent', 'available'],
  stock: ['sold', 'available'],
} as const satisfies Partial<BookingColumns>;

const releaseColumns = {
  balance: ['held', 'available'],
  stock: ['reserved', 'available'],
} as const satisfies Partial<BookingColumns>;

/** The moves of the bookings of a capture or refund. */
export const bookingMoves = (
  bookings: readonly Booking[],
  columns: BookingColumns,
  skipped: readonly SkippedBooking[],
): readonly BookMove[] =>
  bookings.flatMap(({ target, delta: quantity }) => {
    const { of, id } = parseCompensationTarget(target) ?? {};
    if (id === undefined || of === undefined || of === 'coupon') return [];
    const [from, to] = columns[of];
    const cause = skipped.find((each) => each.target === target)?.outcome;

    return { book: of, id, from, to, quantity, when: 'decision', ...(cause && { skipped: cause }) };
  });

interface ReleaseSnapshot {
  readonly order: Order | undefined;
  readonly coupon: CouponUse | undefined;
  /** Targets that are not compensated yet. */
  readonly missing: readonly string[];
  /** ISO 8601. */
  readonly at: string;
}

/** The moves of the compensation that follows a failed payment. */
export const releaseMoves = (
  payment: Payment,
  { order, coupon, missing, at }: ReleaseSnapshot,
): readonly BookMove[] => {
  const { userId, orderId, couponId } = payment;
  const released = decideRelease(payment, order, coupon, at);
  const amount = heldAmount(payment);
  const restored: readonly Booking[] = [
    { target: compensationTarget.balance(userId), delta: amount },
    ...reservedLines(payment).map(({ sku, quantity }) => ({
      target: compensationTarget.stock(sku),
      delta: quantity,
    })),
  ].filter(({ target, delta }) => delta > 0 && missing.includes(target));
  const cancelled: readonly Booking[] =
    released.order === 'cancelled' ? [{ target: compensationTarget.order(orderId), delta: 0 }] : [];
  const couponTo = released.coupon && couponStatuses[released.coupon];
  const when = 'afterwards';

  return [
    ...bookingMoves(
      [...restored, ...cancelled],
      { ...releaseColumns, order: [order?.status ?? '', 'CANCELLED'] },
      [],
    ),
    ...(couponId !== undefined && couponTo !== undefined
      ? [{ book: 'coupon', id: couponId, from: 'USED', to: couponTo, quantity: 0 } as const]
      : []),
  ].map((move) => ({ ...move, when }));
};

const couponStatuses: Readonly<Record<string, string | undefined>> = {
  restored: 'AVAILABLE',
  expired: 'EXPIRED',
};

/** The points of a buyer for a change of what a payment has taken from them, in minor units. */
export const pointsMoves = (
  userId: string,
  { before, after }: { readonly before: number; readonly after: number },
  rate: PointsRate,
): readonly BookMove[] => {
  const change = pointsFor(after, rate) - pointsFor(before, rate);
  if (change === 0) return [];
  const [from, to] = change > 0 ? ['none', 'earned'] : ['earned', 'withdrawn'];

  return [{ book: 'points', id: userId, from, to, quantity: Math.abs(change), when: 'afterwards' }];
};
