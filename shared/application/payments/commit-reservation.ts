import { isDeepStrictEqual } from 'node:util';
import type { Database } from '../../config/platform.ts';
import { ServiceUnavailableError } from '../../domain/errors.ts';
import type { PricedLine } from '../../domain/orders/order.ts';
import {
  chooseShards,
  findParts,
  isMoving,
  maxStockParts,
  type ReservedLine,
  type ShardStock,
  stockPartsOf,
} from '../../domain/orders/stock-shards.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import type { Item } from '../../persistence/dynamodb/expressions.ts';
import type { RetryPolicy } from '../../persistence/dynamodb/retry.ts';
import { type ConditionalWrite, commit } from '../../persistence/dynamodb/transaction.ts';
import { InvalidItemError } from '../../persistence/external-item-schemas.ts';
import {
  type ProductRepository,
  productNotSellable,
} from '../../persistence/product-repository.ts';

/** The rejection of a write. */
export interface StockConflict {
  /** Present if the write reserves stock: its line, and the item that failed the condition. */
  readonly short?: { readonly line: ReservedLine; readonly stored: Item | undefined };
}

interface Stores {
  readonly db: Database;
  readonly products: Pick<ProductRepository, 'findStock' | 'findCurrent'>;
}

/** Each look finds units that were there a moment ago. Other buyers take the last units so often at most. */
const maxLooks = 5;

/**
 * Commits the writes of a payment, which reserves its lines on shards of the products. Returns the payment with the
 * shards it reserved, and the rejections.
 *
 * A conflict on a shard leads to the next one, immediately at first. If a shard has too few units, all shards of the
 * product are read: its units are reserved wherever they are. A product without shards costs no read.
 *
 * Throws ServiceUnavailableError if units are left that this request cannot get.
 */
export const commitReservation = async <R extends object>(
  { db, products }: Stores,
  payment: Payment,
  lines: readonly PricedLine[],
  createWrites: (payment: Payment) => readonly ConditionalWrite<R & StockConflict>[],
  retryPolicy?: RetryPolicy,
): Promise<{ readonly payment: Payment; readonly conflicts: readonly R[] }> => {
  const { paymentId } = payment;
  const found = new Map<string, ReservedLine>();
  let attempt = 0;
  const choose = () =>
    withLines(
      payment,
      chooseShards(paymentId, lines, attempt).map((line) => found.get(line.sku) ?? line),
    );
  let chosen = choose();
  const avoidConflict = (conflicting: readonly ConditionalWrite<R>[]) => {
    const keys = new Set(conflicting.map(({ write }) => write.Update?.Key?.sku));
    const isAvoidable = chosen.reservation?.lines.some(
      ({ sku, parts = [] }) => !found.has(sku) && parts.some((part) => keys.has(part.sku)),
    );
    if (!isAvoidable) return undefined;
    attempt += 1;
    chosen = choose();

    return createWrites(chosen);
  };

  for (let looks = 0; ; looks += 1) {
    const conflicts = await commit(db, createWrites(chosen), { ...retryPolicy, avoidConflict });
    const short = conflicts.flatMap((conflict) => conflict.short ?? []);
    // Another rejection takes precedence, and then no unit is needed.
    if (short.length < conflicts.length || !short.some(mayHaveShards))
      return { payment: chosen, conflicts };
    if (looks === maxLooks) throw unitsLeft(short, 'other buyers were faster each time');
    const skus = new Map(
      short.filter(mayHaveShards).map(({ line }) => [line.sku, line.quantity] as const),
    );
    const unavailable = new Set(
      short.filter((each) => !mayHaveShards(each)).map(({ line }) => line.sku),
    );
    for (const [sku, quantity] of skus) {
      const parts = await findUnits(products, db, { sku, quantity, paymentId });
      if (parts === undefined) unavailable.add(sku);
      else found.set(sku, { sku, quantity, parts });
    }
    if (unavailable.size > 0) {
      return {
        payment: chosen,
        conflicts: conflicts.filter(({ short: of }) => of && unavailable.has(of.line.sku)),
      };
    }
    chosen = choose();
    if ((chosen.reservation?.lines.flatMap(stockPartsOf).length ?? 0) > maxStockParts)
      throw unitsLeft(short, 'they are on too many shards for one payment');
  }
};

const withLines = (payment: Payment, lines: readonly ReservedLine[]): Payment =>
  payment.reservation ? { ...payment, reservation: { ...payment.reservation, lines } } : payment;

const mayHaveShards = ({ line, stored }: Required<StockConflict>['short']): boolean =>
  line.parts !== undefined || Number(stored?.stockShardsCreated) > 1;

const unitsLeft = (
  short: readonly Required<StockConflict>['short'][],
  reason: string,
): ServiceUnavailableError => {
  const skus = short.map(({ line }) => `"${line.sku}"`).join(', ');

  return new ServiceUnavailableError(`Units of ${skus} are left, but ${reason}.`, {
    detail: `There are units of ${skus} left, but this request could not get them.`,
  });
};

interface Wanted {
  readonly sku: string;
  readonly quantity: number;
  readonly paymentId: string;
}

/**
 * The shards that have the units; undefined if the product has too few. The shards are not read at one instant: units
 * may come back to a shard that was read already, while others are sold from one that was not. So only two equal
 * reads show that there are too few.
 */
const findUnits = async (
  products: Stores['products'],
  { runtime }: Database,
  { sku, quantity, paymentId }: Wanted,
) => {
  let before: readonly ShardStock[] | undefined;
  for (let looks = 0; ; looks += 1) {
    const stock = await products.findStock(sku).catch(rejectInvalidItem);
    if (stock === undefined) return undefined;
    const parts = findParts(paymentId, quantity, stock.shards);
    if (parts !== undefined) return parts;
    if (stock.invalid.length > 0) throw productNotSellable(stock.invalid);
    if (isDeepStrictEqual(before, stock.shards)) break;
    if (looks === maxLooks)
      throw unitsLeft([{ line: { sku, quantity }, stored: undefined }], 'they change all the time');
    before = stock.shards;
  }
  // A move announces itself before it begins. Without one, no unit was missed between two reads.
  const product = await products.findCurrent(sku).catch(rejectInvalidItem);
  if (product && isMoving(product, runtime.clock.now()))
    throw unitsLeft([{ line: { sku, quantity }, stored: undefined }], 'they move between shards');

  return undefined;
};

const rejectInvalidItem = (error: unknown): never => {
  throw error instanceof InvalidItemError ? productNotSellable([error]) : error;
};
