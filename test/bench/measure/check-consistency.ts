import type { Balance } from '../../../shared/domain/money.ts';
import type { Order, Product } from '../../../shared/domain/orders/order.ts';
import { balanceAmountOf } from '../../../shared/domain/payments/tenders.ts';
import type { Listing } from '../../../shared/simulators/gateway/listing.ts';
import { type createClient, scanAll } from '../database/tables.ts';
import { sum } from './statistics.ts';
import type { PaidPayment } from './time-to-final-status.ts';

const isOpen = ({ status }: PaidPayment) =>
  !['COMPLETED', 'FAILED', 'COMPENSATED', 'LATE_CAPTURED', 'REVERSED'].includes(status);
const isPaid = ({ status }: PaidPayment) => status === 'COMPLETED';

type Charge = Pick<Listing['charges'][number], 'reference' | 'amount'>;
type Stock = Pick<Product, 'sku' | 'available' | 'reserved' | 'sold' | 'received'>;

interface StoreSnapshot {
  readonly payments: readonly PaidPayment[];
  readonly balances: readonly Balance[];
  readonly products: readonly Stock[];
  readonly orders: readonly Pick<Order, 'orderId' | 'status'>[];
  /** The captures at the gateway; absent if the form does not call one. */
  readonly charges?: readonly Charge[];
}

/**
 * One sentence per discrepancy after a run; none if consistent. Each payment of the bench buys one unit of
 * one product.
 */
export const discrepanciesOf = (snapshot: StoreSnapshot): readonly string[] => {
  const { payments, balances, products, orders, charges } = snapshot;
  const open = payments.filter(isOpen);
  const paid = payments.filter(isPaid);
  const all = (rows: readonly object[], column: string) =>
    sum(rows.map((row) => (row as Record<string, number>)[column] ?? 0));
  const amounts = (some: readonly PaidPayment[]) => sum(some.map(balanceAmountOf));

  const expected: readonly (readonly [name: string, found: number, expected: number])[] = [
    ['money held', all(balances, 'held'), amounts(open)],
    ['money spent', all(balances, 'spent'), amounts(paid)],
    ['units reserved', all(products, 'reserved'), open.length],
    ['units sold', all(products, 'sold'), paid.length],
    ['orders completed', orders.filter(({ status }) => status === 'COMPLETED').length, paid.length],
    ['orders being paid', orders.filter(({ status }) => status === 'PAYING').length, open.length],
    ['payments of an order', new Set(payments.map((one) => one.orderId)).size, payments.length],
  ];
  const rows = [...balances, ...products] as unknown as Record<string, number>[];
  const unbalanced = rows.filter(
    (row) =>
      (row.available ?? 0) + (row.held ?? row.reserved ?? 0) + (row.spent ?? row.sold ?? 0) !==
      (row.deposited ?? row.received),
  );

  return [
    ...expected
      .filter(([, found, fromPayments]) => found !== fromPayments)
      .map(
        ([name, found, fromPayments]) => `${name}: ${found}, but ${fromPayments} by the payments`,
      ),
    ...unbalanced.map((row) => `row is not balanced: ${JSON.stringify(row)}`),
    ...(charges ? chargeDiscrepancies(charges, payments) : []),
  ];
};

/** The gateway must have captured each completed payment once, and an open one at most once. */
const chargeDiscrepancies = (
  charges: readonly Charge[],
  payments: readonly PaidPayment[],
): string[] => {
  const captured = new Map<string, number>();
  for (const { reference, amount } of charges) {
    captured.set(reference, (captured.get(reference) ?? 0) + amount);
  }

  return payments.flatMap((payment) => {
    const amount = captured.get(payment.paymentId) ?? 0;
    const isRight = isPaid(payment)
      ? amount === payment.gatewayAmount
      : amount === 0 || (isOpen(payment) && amount === payment.gatewayAmount);

    return isRight
      ? []
      : [`the gateway captured ${amount} for ${payment.paymentId}, ${payment.status}`];
  });
};

/** Reads all stores after a run and compares them with each other and with the gateway. */
export const checkConsistency = async (
  db: ReturnType<typeof createClient>,
  payments: readonly PaidPayment[],
  pgUrl: string | undefined,
): Promise<readonly string[]> => {
  const [balances, products, orders, listing] = await Promise.all([
    scanAll<Balance>(db, 'Balances', ['userId', 'available', 'held', 'spent', 'deposited']),
    scanAll<Stock>(db, 'Products', ['sku', 'available', 'reserved', 'sold', 'received']),
    scanAll<Order>(db, 'Orders', ['orderId', 'status']),
    pgUrl === undefined
      ? undefined
      : fetch(`${pgUrl}/charges`).then((response) => response.json() as Promise<Listing>),
  ]);

  return discrepanciesOf({
    payments,
    balances,
    products,
    orders,
    ...(listing && { charges: listing.charges }),
  });
};
