import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Compensation } from '../domain/compensation.ts';
import type { BookedCharge, Counters, Histories, Undone } from '../domain/ledger/reading.ts';
import type { Item } from './expression.ts';
import { fromCompensationTarget } from './keys.ts';

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

interface LedgerProps {
  readonly db: DynamoDBDocumentClient;
  readonly tables: Readonly<Record<(typeof ledgerTables)[number], string>>;
  /** The PG's own list. */
  readonly charges: () => AsyncIterable<BookedCharge>;
  /** Told of every page; throws TooMuch where that was one too many. */
  readonly spend?: (items: number) => void;
}

/** Everything that the books are made of, read whole and page by page. */
export const ledgerIn = ({ db, tables, charges, spend = () => {} }: LedgerProps) => {
  const all = async <T>(table: string): Promise<T[]> => {
    const found: T[] = [];
    let from: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await db.send(
        new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: from }),
      );
      found.push(...(Items as T[]));
      spend(Items.length);
      from = LastEvaluatedKey;
    } while (from !== undefined);

    return found;
  };

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
        all<Histories['payments'][number]>(tables.payments),
        all<Compensation>(tables.compensations),
        all<Histories['refunds'][number]>(tables.refunds),
        all<Histories['orders'][number]>(tables.orders),
      ]);

      return { payments, undone: records.map(undoneOf), refunds, orders };
    },

    async counters(): Promise<Counters> {
      const [balances, products, coupons, charged] = await Promise.all([
        all<Counters['balances'][number]>(tables.balances),
        all<Counters['products'][number]>(tables.products),
        all<Counters['coupons'][number]>(tables.coupons),
        listed(),
      ]);

      return { balances, products, coupons, charges: charged };
    },
  };
};

const undoneOf = ({ paymentId, target, delta }: Compensation): Undone => ({
  paymentId,
  delta,
  ...(fromCompensationTarget(target) ?? { of: 'other', id: target }),
});

export type Ledger = ReturnType<typeof ledgerIn>;
