import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Balance } from '../../shared/domain/money.ts';
import type { Coupon, Product } from '../../shared/domain/orders/order.ts';
import { type StockShard, splitStock } from '../../shared/domain/orders/stock-shards.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';

/** The tables that other services of a shop would own. */
export type SeededTables = Pick<LocalStack['tables'], 'products' | 'balances' | 'coupons'>;

/** New items: amounts in minor units, nothing held or reserved. */
export type NewProduct = Pick<
  Product,
  'sku' | 'name' | 'unitPrice' | 'currency' | 'available' | 'stockShards'
>;
export type NewBalance = Pick<Balance, 'userId' | 'currency' | 'available'>;
export type NewCoupon = Omit<Coupon, 'status' | 'orderId'>;

export interface Seeds {
  readonly products: readonly NewProduct[];
  readonly balances: readonly NewBalance[];
  readonly coupons: readonly NewCoupon[];
}

/** Puts an item unless it exists, so that sold and spent amounts are kept. Returns whether it was put. */
const putIfAbsent = async (
  db: DynamoDBDocumentClient,
  TableName: string,
  key: string,
  Item: Product | StockShard | Balance | Coupon,
): Promise<boolean> => {
  try {
    await db.send(
      new PutCommand({
        TableName,
        Item,
        ConditionExpression: 'attribute_not_exists(#key)',
        ExpressionAttributeNames: { '#key': key },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

/** Puts a product, and its stock on `stockShards` items. Returns whether the product was put. */
export const putProduct = async (
  db: DynamoDBDocumentClient,
  tables: SeededTables,
  { stockShards = 1, ...product }: NewProduct,
): Promise<boolean> => {
  const items = splitStock(
    { ...product, reserved: 0, sold: 0, received: product.available },
    stockShards,
  );
  const [isPut = false] = await Promise.all(
    items.map((item) => putIfAbsent(db, tables.products, 'sku', item)),
  );

  return isPut;
};

export const putBalance = (db: DynamoDBDocumentClient, tables: SeededTables, balance: NewBalance) =>
  putIfAbsent(db, tables.balances, 'userId', {
    ...balance,
    held: 0,
    spent: 0,
    deposited: balance.available,
  });

export const putCoupon = (db: DynamoDBDocumentClient, tables: SeededTables, coupon: NewCoupon) =>
  putIfAbsent(db, tables.coupons, 'couponId', { ...coupon, status: 'AVAILABLE' });

/** Puts the items that do not exist yet. Returns their number. */
export const seed = async (
  db: DynamoDBDocumentClient,
  tables: SeededTables,
  { products, balances, coupons }: Seeds,
): Promise<number> => {
  const put = await Promise.all([
    ...products.map((product) => putProduct(db, tables, product)),
    ...balances.map((balance) => putBalance(db, tables, balance)),
    ...coupons.map((coupon) => putCoupon(db, tables, coupon)),
  ]);

  return put.filter(Boolean).length;
};
