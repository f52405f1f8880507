import { balancesIn } from '../data/balances.ts';
import { ordersIn } from '../data/orders.ts';
import { paymentsIn } from '../data/payments.ts';
import { productsIn } from '../data/products.ts';
import { documents as db } from './aws.ts';
import { requireEnv } from './env.ts';

/** The four books that a payment moves, in the tables that the environment names. */
export const paymentStores = () => {
  const env = requireEnv('ORDERS_TABLE', 'PAYMENTS_TABLE', 'BALANCES_TABLE', 'PRODUCTS_TABLE');

  return {
    db,
    orders: ordersIn(db, env.ORDERS_TABLE),
    payments: paymentsIn(db, env.PAYMENTS_TABLE),
    balances: balancesIn(db, env.BALANCES_TABLE),
    products: productsIn(db, env.PRODUCTS_TABLE),
  };
};
