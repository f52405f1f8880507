import type { Balance } from '../../../shared/domain/money.ts';
import type { Order, Product } from '../../../shared/domain/orders/order.ts';
import type { Listing } from '../../../shared/simulators/gateway/listing.ts';
import { type createClient, scanAll } from '../database/tables.ts';
import type { PaidPayment } from './time-to-final-status.ts';

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const isOpen = ({ status }: PaidPayment) =>
  !['COMPLETED', 'FAILED', 'COMPENSATED', 'LATE_CAPTURED', 'REVERSED'].includes(status);
const isPaid = ({ status }: PaidPayment) => status === 'COMPLETED';

type Charge = Pick<Listing['charges'][number], 'reference' | 'amount'>;
type Stock = Pick<Product, 'sku' | 'available' | 'reserved' | 'sold' | 'received'>;

interface BooksSnapshot {
  readonly payments: readonly PaidPayment[];
  readonly balances: readonly Balance[];
  readonly products: readonly Stock[];
  readonly orders: readonly Pick<Order, 'orderId' | 'status'>[];
  /** What the PG captured; none where no PG is asked. */
  readonly charges?: readonly Charge[];
}

/** A sentence for each thing that does not add up after a run; none is the proof. Each payment of the bench buys one unit of one product. */
export const discrepanciesOf = (books: BooksSnapshot): readonly string[] => {
  const { payments, balances, products, orders, charges } = books;
  const open = payments.filter(isOpen);
  const paid = payments.filter(isPaid);
  const all = (rows: readonly object[], column: string) =>
    sum(rows.map((row) => (row as Record<string, number>)[column] ?? 0));
  const amounts = (some: readonly PaidPayment[]) => sum(some.map(({ amount }) => amount));

  const expected: readonly (readonly [what: string, found: number, expected: number])[] = [
    ['money held', all(balances, 'held'), amounts(open)],
    ['money spent', all(balances, 'spent'), amounts(paid)],
    ['units reserved', all(products, 'reserved'), open.length],
    ['units sold', all(products, 'sold'), paid.length],
    ['orders completed', orders.filter(({ status }) => status === 'COMPLETED').length, paid.length],
    ['orders being paid', orders.filter(({ status }) => status === 'PAYING').length, open.length],
    ['payments of an order', new Set(payments.map((one) => one.orderId)).size, payments.length],
  ];
  const rows = [...balances, ...products] as unknown as Record<string, number>[];
  const leaks = rows.filter(
    (row) =>
      (row.available ?? 0) + (row.held ?? row.reserved ?? 0) + (row.spent ?? row.sold ?? 0) !==
      (row.deposited ?? row.received),
  );

  return [
    ...expected
      .filter(([, found, wanted]) => found !== wanted)
      .map(([what, found, wanted]) => `${what}: ${found}, the payments make it ${wanted}`),
    ...leaks.map((row) => `a row does not add up: ${JSON.stringify(row)}`),
    ...(charges ? chargeDiscrepancies(charges, payments) : []),
  ];
};

/** The PG has the money of each completed payment once, and of an open one at most once. */
const chargeDiscrepancies = (
  charges: readonly Charge[],
  payments: readonly PaidPayment[],
): string[] => {
  const captured = new Map<string, number>();
  for (const { reference, amount } of charges) {
    captured.set(reference, (captured.get(reference) ?? 0) + amount);
  }

  return payments.flatMap((payment) => {
    const taken = captured.get(payment.paymentId) ?? 0;
    const isRight = isPaid(payment)
      ? taken === payment.amount
      : taken === 0 || (isOpen(payment) && taken === payment.amount);

    return isRight ? [] : [`the PG took ${taken} for ${payment.paymentId}, ${payment.status}`];
  });
};

/** Reads all books after a run and holds them against each other and the PG's. */
export const checkBooks = async (
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
      : fetch(`${pgUrl}/charges`).then((answer) => answer.json() as Promise<Listing>),
  ]);

  return discrepanciesOf({
    payments,
    balances,
    products,
    orders,
    ...(listing && { charges: listing.charges }),
  });
};
