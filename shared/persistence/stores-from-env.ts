import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documents as db } from '../config/aws-clients.ts';
import { requireEnv } from '../config/env.ts';
import { balancesIn } from './balance-repository.ts';
import { ordersIn } from './order-repository.ts';
import { paymentsIn } from './payment-repository.ts';
import { productsIn } from './product-repository.ts';
import { refundsIn } from './refund-repository.ts';

type StoreMaker = (db: DynamoDBDocumentClient, table: string) => unknown;

/** `loyaltyPoints` is kept in the table that LOYALTY_POINTS_TABLE names. */
const variableOf = (store: string) =>
  `${store.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}_TABLE`;

/** Each table's own name, as the environment gives it. */
export const tablesFromEnv = <N extends string>(names: readonly N[]): Record<N, string> => {
  const tables = requireEnv(...names.map(variableOf));

  return Object.fromEntries(
    names.map((name) => [name, tables[variableOf(name)] as string]),
  ) as Record<N, string>;
};

/** Each repository in the table that the environment names for it, and the client that commits to several of them. */
export const storesFromEnv = <M extends Record<string, StoreMaker>>(makers: M) => {
  const tables = tablesFromEnv(Object.keys(makers));
  const stores = Object.entries(makers).map(([name, storeIn]) => [
    name,
    storeIn(db, tables[name] as string),
  ]);

  return { db, ...(Object.fromEntries(stores) as { [N in keyof M]: ReturnType<M[N]> }) };
};

/** The four books that a payment moves. */
export const paymentStores = () =>
  storesFromEnv({
    orders: ordersIn,
    payments: paymentsIn,
    balances: balancesIn,
    products: productsIn,
  });

/** Those and the refunds: what paying one back moves. */
export const refundStores = () => ({
  ...paymentStores(),
  ...storesFromEnv({ refunds: refundsIn }),
});
