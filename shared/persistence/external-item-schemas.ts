import * as z from 'zod';
import type { Balance } from '../domain/money.ts';
import type { Coupon, Product } from '../domain/orders/order.ts';
import { maxStockShards, type StockShard } from '../domain/orders/stock-shards.ts';
import { parseInstant } from '../domain/time.ts';

/** A table that other services write to. */
export type ExternalTable = 'products' | 'coupons' | 'balances';

/**
 * An item of another service that does not match the schema of its table. The message names the table, the
 * key and each invalid field.
 */
export class InvalidItemError extends Error {
  readonly table: ExternalTable;
  readonly key: string;
  /** The top-level fields that are missing or invalid, each once. */
  readonly fields: readonly string[];

  constructor(table: ExternalTable, key: string, { issues }: Pick<z.ZodError, 'issues'>) {
    const faults = issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    super(`The item "${key}" of ${table} is not valid. ${faults.join('; ')}`);
    this.name = 'InvalidItemError';
    this.table = table;
    this.key = key;
    this.fields = [...new Set(issues.map(({ path }) => String(path[0] ?? '')))];
  }
}

/** An integer that JavaScript represents exactly: at most 2^53 - 1. */
const count = z.int().nonnegative();
const id = z.string().min(1);
const currency = z.string().regex(/^[A-Z]{3}$/, 'Not an ISO 4217 code: three capital letters');
const dateTime = z
  .unknown()
  .refine(
    (value) => parseInstant(value) !== undefined,
    'Not an RFC 3339 date-time with an offset, such as 2026-12-31T23:59:59+09:00',
  )
  .transform((value) => value as string);

const shards = z.int().positive().max(maxStockShards);

const product = z.object({
  sku: id,
  unitPrice: count,
  currency,
  available: count,
  reserved: count,
  sold: count,
  received: count,
  stockShards: shards.optional(),
  stockShardsCreated: shards.optional(),
  stockMovedAt: dateTime.optional(),
});

const stockShard = z.object({
  sku: id,
  shardOf: id,
  available: count,
  reserved: count,
  sold: count,
  received: count,
});

const coupon = z.object({
  userId: id,
  couponId: id,
  status: z.enum(['AVAILABLE', 'USED', 'EXPIRED']),
  amountOff: z.int().positive(),
  currency,
  orderId: z.string().optional(),
  expiresAt: dateTime,
});

const balance = z.object({
  userId: id,
  currency,
  available: count,
  held: count,
  spent: count,
  deposited: count,
});

/**
 * Returns a function that parses an item with the schema. It throws InvalidItemError, which names every
 * invalid field.
 */
const createParser =
  <T>(table: ExternalTable, schema: z.ZodType<T>, keyOf: (item: Item) => unknown) =>
  (item: Item): T => {
    const { data, error } = schema.safeParse(item);
    if (error) throw new InvalidItemError(table, String(keyOf(item)), error);

    return data;
  };

type Item = Readonly<Record<string, unknown>>;

/** The fields of a product that the service depends on. */
export type StockedProduct = Omit<Product, 'name'>;

export const parseProduct: (item: Item) => StockedProduct = createParser(
  'products',
  product,
  ({ sku }) => sku,
);
export const parseStockShard: (item: Item) => StockShard = createParser(
  'products',
  stockShard,
  ({ sku }) => sku,
);
export const parseCoupon: (item: Item) => Coupon = createParser(
  'coupons',
  coupon,
  ({ userId, couponId }) => `${userId}/${couponId}`,
);
export const parseBalance: (item: Item) => Balance = createParser(
  'balances',
  balance,
  ({ userId }) => userId,
);
