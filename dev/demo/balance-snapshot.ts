import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Balance } from '../../shared/domain/money.ts';
import type { Product } from '../../shared/domain/orders/order.ts';
import type { SeededTables } from './seed.ts';

/** Balances of buyers and stock of products at one moment. */
export interface BalanceSnapshot {
  readonly balances: readonly Balance[];
  readonly products: readonly Product[];
}

/** Reads the items of these buyers and products, in the given order. */
export const readBalanceSnapshot = async (
  db: DynamoDBDocumentClient,
  tables: SeededTables,
  { buyers, skus }: { readonly buyers: readonly string[]; readonly skus: readonly string[] },
): Promise<BalanceSnapshot> => {
  const all = async (table: string, keys: Record<string, string>[]) => {
    const { Responses } = await db.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
    );
    return Responses?.[table] ?? [];
  };
  const balances = (await all(
    tables.balances,
    buyers.map((userId) => ({ userId })),
  )) as Balance[];
  const products = (await all(
    tables.products,
    skus.map((sku) => ({ sku })),
  )) as Product[];

  return {
    balances: balances.sort((a, b) => buyers.indexOf(a.userId) - buyers.indexOf(b.userId)),
    products: products.sort((a, b) => skus.indexOf(a.sku) - skus.indexOf(b.sku)),
  };
};
