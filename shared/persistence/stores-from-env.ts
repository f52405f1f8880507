import { type Environment, requireEnv } from '../config/env.ts';
import type { BasePlatform, Database } from '../config/platform.ts';
import { createBalanceRepository } from './balance-repository.ts';
import { createOrderRepository } from './order-repository.ts';
import { createPaymentRepository } from './payment-repository.ts';
import { createProductRepository } from './product-repository.ts';
import { createRefundRepository } from './refund-repository.ts';

type DataPlatform = Pick<BasePlatform, 'environment' | 'db'>;

type RepositoryFactory = (db: Database, table: string) => unknown;

/** `loyaltyPoints` is stored in the table that LOYALTY_POINTS_TABLE names. */
const tableVariableOf = (store: string) =>
  `${store.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}_TABLE`;

/** The table names, from the environment. */
export const tablesFromEnv = <N extends string>(
  environment: Environment,
  names: readonly N[],
): Record<N, string> => {
  const tables = requireEnv(environment, ...names.map(tableVariableOf));

  return Object.fromEntries(
    names.map((name) => [name, tables[tableVariableOf(name)] as string]),
  ) as Record<N, string>;
};

/**
 * Creates each repository on the table that the environment names for it. Also returns the client, for
 * transactions over several tables.
 */
export const storesFromEnv = <M extends Record<string, RepositoryFactory>>(
  { environment, db }: DataPlatform,
  factories: M,
) => {
  const tables = tablesFromEnv(environment, Object.keys(factories));
  const stores = Object.entries(factories).map(([name, createStore]) => [
    name,
    createStore(db, tables[name] as string),
  ]);

  return { db, ...(Object.fromEntries(stores) as { [N in keyof M]: ReturnType<M[N]> }) };
};

/** The four repositories that a payment writes to. */
export const paymentStoresFromEnv = (platform: DataPlatform) =>
  storesFromEnv(platform, {
    orders: createOrderRepository,
    payments: createPaymentRepository,
    balances: createBalanceRepository,
    products: createProductRepository,
  });

/** The repositories that a refund writes to. */
export const refundStoresFromEnv = (platform: DataPlatform) => ({
  ...paymentStoresFromEnv(platform),
  ...storesFromEnv(platform, { refunds: createRefundRepository }),
});
