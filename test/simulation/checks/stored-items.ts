import type { CompensationRecord } from '../../../shared/domain/compensation/compensation.ts';
import type { Balance } from '../../../shared/domain/money.ts';
import type { Coupon, Order, OrderLine, Product } from '../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { Refund } from '../../../shared/domain/refunds/refund.ts';
import type { Review } from '../../../shared/domain/reviews/review.ts';
import type { PointsEntry } from '../../../shared/persistence/points-repository.ts';
import type { RunRecord } from '../run-record.ts';

/** An item of Rankings: units of a product on a day, or the marker of a counted event, which has one key. */
interface RankingItem {
  readonly day: string;
  readonly entry: string;
  readonly sku?: string;
  readonly units?: number;
}

type Tables = Pick<RunRecord, 'tables'>;

export const paymentsOf = ({ tables }: Tables) => tables.items<Payment>('Payments');
export const refundsOf = ({ tables }: Tables) => tables.items<Refund>('Refunds');
export const ordersOf = ({ tables }: Tables) => tables.items<Order>('Orders');
export const reviewsOf = ({ tables }: Tables) => tables.items<Review>('Reviews');
export const balancesOf = ({ tables }: Tables) => tables.items<Balance>('Balances');
export const productsOf = ({ tables }: Tables) => tables.items<Product>('Products');
export const couponsOf = ({ tables }: Tables) => tables.items<Coupon>('Coupons');
export const compensationsOf = ({ tables }: Tables) =>
  tables.items<CompensationRecord>('Compensations');
export const rankingsOf = ({ tables }: Tables) => tables.items<RankingItem>('Rankings');

/** The points of each payment. */
export const pointsEntriesOf = ({ tables }: Tables) => tables.items<PointsEntry>('LoyaltyPoints');

export const sumOf = <T>(list: readonly T[], of: (each: T) => number): number =>
  list.reduce((sum, each) => sum + of(each), 0);

/** The units of a product in order lines. */
export const unitsOf = (lines: readonly OrderLine[] | undefined, sku: string): number =>
  sumOf(lines ?? [], (line) => (line.sku === sku ? line.quantity : 0));

export const unlessEqual = (what: string, found: unknown, expected: unknown): readonly string[] =>
  found === expected ? [] : [`${what} is ${found}, expected ${expected}`];

/** The problem if the condition does not hold. */
export const unless = (holds: boolean, problem: () => string): readonly string[] =>
  holds ? [] : [problem()];

/** A payment after which nothing follows by itself. */
export const isPaymentFinal = ({ status }: Pick<Payment, 'status'>): boolean =>
  status === 'COMPLETED' || status === 'COMPENSATED' || status === 'REVERSED';

/** A payment whose buyer pays nothing in the end, whatever the gateway did. */
export const isPaymentUndone = ({ status }: Pick<Payment, 'status'>): boolean =>
  status === 'FAILED' ||
  status === 'COMPENSATED' ||
  status === 'LATE_CAPTURED' ||
  status === 'REVERSED';

export const describePayment = ({ paymentId, status, version, paymentMethod }: Payment): string =>
  `${paymentId} (${status}, version ${version}, ${paymentMethod})`;
