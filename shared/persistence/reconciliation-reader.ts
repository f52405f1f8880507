import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../config/platform.ts';
import { canaryBuyer, canarySku } from '../domain/canary.ts';
import type { CompensationRecord } from '../domain/compensation/compensation.ts';
import { parseCompensationTarget } from '../domain/compensation/compensation-target.ts';
import type {
  GatewayCharge,
  RestorationRecord,
  SkipRecord,
  UnreadableItem,
  UnversionedRecords,
  VersionedRecords,
} from '../domain/reconciliation/records.ts';
import { describeUnreadable } from '../domain/reconciliation/unreadable-items.ts';
import { isSkipped, type SkippedBooking } from '../domain/skipped-booking.ts';
import type { Item } from './dynamodb/expressions.ts';
import { paginate } from './dynamodb/paginate.ts';
import { reconciliationSchemas } from './reconciliation-item-schemas.ts';

/** The reconciliation would read more items than its limit. */
export class ReadLimitExceededError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ReadLimitExceededError';
  }
}

/** The tables that the reconciliation compares. */
export const reconciledTables = [
  'payments',
  'compensations',
  'refunds',
  'orders',
  'balances',
  'products',
  'coupons',
] as const;

type ReconciledTable = (typeof reconciledTables)[number];

interface ReconciliationReaderOptions {
  readonly db: Database;
  readonly tables: Readonly<Record<ReconciledTable, string>>;
  /** The charges as the gateway lists them. */
  readonly charges: () => AsyncIterable<GatewayCharge>;
  /** Called for every page; throws ReadLimitExceededError if the limit is exceeded. */
  readonly onRead?: (items: number) => void;
}

/**
 * Whether an item belongs to the canary. DynamoDB deletes its payments and orders at different times, so its product has
 * sold more than they say. A compensation record has no buyer: no other one has an expiration.
 */
const isOfCanary = (name: ReconciledTable, { userId, sku, expiration }: Item): boolean =>
  userId === canaryBuyer ||
  sku === canarySku ||
  (name === 'compensations' && expiration !== undefined);

/** Reads all records that the reconciliation compares, page by page. Leaves out those of the canary. */
export const createReconciliationReader = ({
  db,
  tables,
  charges,
  onRead = () => {},
}: ReconciliationReaderOptions) => {
  /** Payments of the canary: their compensation records have no buyer, and those of an earlier version no expiration. */
  const canaryPayments = new Set<unknown>();

  const scanAll = async (name: ReconciledTable): Promise<Item[]> => {
    const found: Item[] = [];
    const pages = paginate((ExclusiveStartKey) =>
      db.send(
        new ScanCommand({ TableName: tables[name], ConsistentRead: true, ExclusiveStartKey }),
      ),
    );
    for await (const items of pages) {
      const compared = items.filter((item) => !isOfCanary(name, item));
      for (const { userId, paymentId } of items)
        if (userId === canaryBuyer) canaryPayments.add(paymentId);
      found.push(...compared);
      onRead(compared.length);
    }

    return found;
  };

  /** The readable items of a table, and the faults of the others. */
  const readValid = async <T>(name: ReconciledTable) =>
    partitionReadable<T>(name, await scanAll(name));

  const listCharges = async (): Promise<GatewayCharge[]> => {
    const found: GatewayCharge[] = [];
    for await (const charge of charges()) {
      found.push(charge);
      onRead(1);
    }

    return found;
  };

  return {
    async readVersionedRecords(): Promise<VersionedRecords> {
      const [payments, compensations, refunds, orders] = await Promise.all([
        readValid<VersionedRecords['payments'][number]>('payments'),
        readValid<CompensationRecord>('compensations'),
        readValid<VersionedRecords['refunds'][number]>('refunds'),
        readValid<VersionedRecords['orders'][number]>('orders'),
      ]);
      const records = compensations.items.filter(({ paymentId }) => !canaryPayments.has(paymentId));

      return {
        payments: payments.items,
        restorations: records.map(toRestorationRecord),
        refunds: refunds.items,
        orders: orders.items,
        skips: toSkipRecords(payments.items, refunds.items, records),
        unreadable: [payments, compensations, refunds, orders].flatMap(
          ({ unreadable }) => unreadable,
        ),
      };
    },

    async readUnversionedRecords(): Promise<UnversionedRecords> {
      const [balances, products, coupons, charged] = await Promise.all([
        readValid<UnversionedRecords['balances'][number]>('balances'),
        readValid<UnversionedRecords['products'][number]>('products'),
        readValid<UnversionedRecords['coupons'][number]>('coupons'),
        listCharges(),
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

const partitionReadable = <T>(name: ReconciledTable, found: readonly Item[]) => {
  const items: T[] = [];
  const unreadable: UnreadableItem[] = [];
  for (const item of found) {
    const { error } = reconciliationSchemas[name].safeParse(item);
    if (error) unreadable.push(describeUnreadable(name, item, error.issues));
    else items.push(item as T);
  }

  return { items, unreadable };
};

const targetOf = (target: string) =>
  parseCompensationTarget(target) ?? ({ of: 'other', id: target } as const);

const toRestorationRecord = ({
  paymentId,
  target,
  delta,
}: CompensationRecord): RestorationRecord => ({
  paymentId,
  delta,
  ...targetOf(target),
});

const toSkipRecords = (
  payments: VersionedRecords['payments'],
  refunds: VersionedRecords['refunds'],
  records: readonly CompensationRecord[],
): SkipRecord[] => {
  const skip =
    (paymentId: string, during: SkipRecord['during']) =>
    ({ target, delta, outcome: cause }: SkippedBooking): SkipRecord => ({
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

export type ReconciliationReader = ReturnType<typeof createReconciliationReader>;
