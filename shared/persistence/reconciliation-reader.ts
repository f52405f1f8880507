import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Compensation } from '../domain/compensation/compensation.ts';
import { fromCompensationTarget } from '../domain/ids.ts';
import type {
  BookedCharge,
  Counters,
  Histories,
  Skip,
  Undone,
  Unreadable,
} from '../domain/reconciliation/records.ts';
import { unreadableOf } from '../domain/reconciliation/unreadable-items.ts';
import { isSkipped, type SkippedBooking } from '../domain/skipped-booking.ts';
import type { Item } from './dynamodb/expressions.ts';
import { ledgerShapes } from './reconciliation-item-schemas.ts';

/** More than may be read at a time. */
export class TooMuch extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TooMuch';
  }
}

/** The tables that the books are made of. */
export const ledgerTables = [
  'payments',
  'compensations',
  'refunds',
  'orders',
  'balances',
  'products',
  'coupons',
] as const;

type LedgerTable = (typeof ledgerTables)[number];

interface LedgerProps {
  readonly db: DynamoDBDocumentClient;
  readonly tables: Readonly<Record<LedgerTable, string>>;
  /** The PG's own list. */
  readonly charges: () => AsyncIterable<BookedCharge>;
  /** Told of every page; throws TooMuch where that was one too many. */
  readonly spend?: (items: number) => void;
}

/** Everything that the books are made of, read whole and page by page. */
export const ledgerIn = ({ db, tables, charges, spend = () => {} }: LedgerProps) => {
  const all = async (name: LedgerTable): Promise<Item[]> => {
    const found: Item[] = [];
    let from: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await db.send(
        new ScanCommand({ TableName: tables[name], ConsistentRead: true, ExclusiveStartKey: from }),
      );
      found.push(...Items);
      spend(Items.length);
      from = LastEvaluatedKey;
    } while (from !== undefined);

    return found;
  };

  /** The items of a table that can be read, and what is wrong with the others. */
  const read = async <T>(name: LedgerTable) => sorted<T>(name, await all(name));

  const listed = async (): Promise<BookedCharge[]> => {
    const found: BookedCharge[] = [];
    for await (const charge of charges()) {
      found.push(charge);
      spend(1);
    }

    return found;
  };

  return {
    async histories(): Promise<Histories> {
      const [payments, records, refunds, orders] = await Promise.all([
        read<Histories['payments'][number]>('payments'),
        read<Compensation>('compensations'),
        read<Histories['refunds'][number]>('refunds'),
        read<Histories['orders'][number]>('orders'),
      ]);

      return {
        payments: payments.items,
        undone: records.items.map(undoneOf),
        refunds: refunds.items,
        orders: orders.items,
        skips: skipsIn(payments.items, refunds.items, records.items),
        unreadable: [payments, records, refunds, orders].flatMap(({ unreadable }) => unreadable),
      };
    },

    async counters(): Promise<Counters> {
      const [balances, products, coupons, charged] = await Promise.all([
        read<Counters['balances'][number]>('balances'),
        read<Counters['products'][number]>('products'),
        read<Counters['coupons'][number]>('coupons'),
        listed(),
      ]);

      return {
        balances: balances.items,
        products: products.items,
        coupons: coupons.items,
        charges: charged,
        unreadableCounters: [balances, products, coupons].flatMap(({ unreadable }) => unreadable),
      };
    },
  };
};

const sorted = <T>(name: LedgerTable, found: readonly Item[]) => {
  const items: T[] = [];
  const unreadable: Unreadable[] = [];
  for (const item of found) {
    const { error } = ledgerShapes[name].safeParse(item);
    if (error) unreadable.push(unreadableOf(name, item, error.issues));
    else items.push(item as T);
  }

  return { items, unreadable };
};

const targetOf = (target: string) =>
  fromCompensationTarget(target) ?? ({ of: 'other', id: target } as const);

const undoneOf = ({ paymentId, target, delta }: Compensation): Undone => ({
  paymentId,
  delta,
  ...targetOf(target),
});

const skipsIn = (
  payments: Histories['payments'],
  refunds: Histories['refunds'],
  records: readonly Compensation[],
): Skip[] => {
  const skip =
    (paymentId: string, during: Skip['during']) =>
    ({ target, delta, outcome: cause }: SkippedBooking): Skip => ({
      paymentId,
      during,
      delta,
      cause,
      ...targetOf(target),
    });

  return [
    ...payments.flatMap(({ paymentId, skipped = [] }) => skipped.map(skip(paymentId, 'capture'))),
    ...refunds.flatMap(({ paymentId, skipped = [] }) => skipped.map(skip(paymentId, 'refund'))),
    ...records.flatMap((record) =>
      isSkipped(record) ? [skip(record.paymentId, 'compensation')(record)] : [],
    ),
  ];
};

export type Ledger = ReturnType<typeof ledgerIn>;
