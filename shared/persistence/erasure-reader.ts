import { QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../config/platform.ts';
import type { CompensationRecord } from '../domain/compensation/compensation.ts';
import type { Order } from '../domain/orders/order.ts';
import type { Payment } from '../domain/payments/payment.ts';
import type { Refund } from '../domain/refunds/refund.ts';
import type { Review } from '../domain/reviews/review.ts';
import type { AuditEntry } from './audit-log.ts';
import type { Item } from './dynamodb/expressions.ts';
import { getItem } from './dynamodb/get-item.ts';
import { paginate, readAll } from './dynamodb/paginate.ts';
import type { PointsEntry } from './points-repository.ts';

/** The tables with items of a buyer that do not expire. */
export type ErasedTables = Readonly<
  Record<
    | 'orders'
    | 'payments'
    | 'refunds'
    | 'reviews'
    | 'compensations'
    | 'balances'
    | 'coupons'
    | 'loyaltyPoints'
    | 'audits',
    string
  >
>;

/** An audit entry as stored. */
export interface StoredAudit extends AuditEntry {
  readonly day: string;
  readonly entry: string;
}

/** An item of a buyer, of which only the key and the status matter. */
export interface BuyersCoupon {
  readonly userId: string;
  readonly couponId: string;
  readonly status: unknown;
  readonly orderId?: unknown;
}

/** Reads everything that names a buyer. Nothing is validated. */
export const createErasureReader = (db: Database, tables: ErasedTables) => {
  const query = async (
    table: keyof ErasedTables,
    [name, value]: readonly [name: string, value: string],
    index?: string,
  ): Promise<Item[]> =>
    readAll(
      paginate((ExclusiveStartKey) =>
        db.send(
          new QueryCommand({
            TableName: tables[table],
            ...(index ? { IndexName: index } : { ConsistentRead: true }),
            KeyConditionExpression: '#name = :value',
            ExpressionAttributeNames: { '#name': name },
            ExpressionAttributeValues: { ':value': value },
            ExclusiveStartKey,
          }),
        ),
      ),
    );

  /** Reads a table of operators' work, which has no index by buyer. */
  const scan = async (table: 'reviews' | 'audits', path: readonly string[], value: string) =>
    readAll(
      paginate((ExclusiveStartKey) =>
        db.send(
          new ScanCommand({
            TableName: tables[table],
            ConsistentRead: true,
            FilterExpression: `${path.map((name) => `#${name}`).join('.')} = :value`,
            ExpressionAttributeNames: Object.fromEntries(path.map((name) => [`#${name}`, name])),
            ExpressionAttributeValues: { ':value': value },
            ExclusiveStartKey,
          }),
        ),
      ),
    );

  /** The items of the index `byUser`, read with strong consistency: the index may be behind them. */
  const ownItems = async <T extends { readonly userId: string }>(
    table: 'orders' | 'payments',
    id: string,
    userId: string,
  ): Promise<T[]> => {
    const found: T[] = [];
    for (const entry of await query(table, ['userId', userId], 'byUser')) {
      const item = await getItem<T>(db, tables[table], { [id]: entry[id] });
      if (item?.userId === userId) found.push(item);
    }

    return found;
  };

  return {
    orders: (userId: string) => ownItems<Order>('orders', 'orderId', userId),
    payments: (userId: string) => ownItems<Payment>('payments', 'paymentId', userId),
    refunds: async (paymentId: string) =>
      (await query('refunds', ['paymentId', paymentId], 'byPayment')) as unknown as Refund[],
    compensations: async (paymentId: string) =>
      (await query('compensations', ['paymentId', paymentId])) as unknown as CompensationRecord[],
    reviews: async (userId: string) =>
      (await scan('reviews', ['userId'], userId)) as unknown as Review[],
    audits: async (userId: string) =>
      (await scan('audits', ['detail', 'userId'], userId)) as unknown as StoredAudit[],
    balance: (userId: string) => getItem(db, tables.balances, { userId }),
    coupons: async (userId: string) =>
      (await query('coupons', ['userId', userId])) as unknown as BuyersCoupon[],
    points: async (userId: string) =>
      (await query('loyaltyPoints', ['userId', userId])) as unknown as Pick<
        PointsEntry,
        'entry' | 'at'
      >[],
  };
};

export type ErasureReader = ReturnType<typeof createErasureReader>;
