import { requestHashOf } from '../../../shared/domain/ids.ts';
import type { Order } from '../../../shared/domain/orders/order.ts';
import type { Deployment } from '../../support/cdk/deployment/deployed-resources.ts';
import { createTables, putAll } from '../database/tables.ts';

type Db = Parameters<typeof putAll>[0];

/** Enough of each that concurrent requests rarely conflict, as in a shop with many buyers and products. */
export const buyers = 1_000;
const products = 1_000;

const currency = 'KRW';
/** The total of each order, and the part of it that the balance pays. The gateway charges the rest. */
export const unitPrice = 3_500;
export const balancePart = 1_500;
const largeAmount = 1_000_000_000;
const at = '2026-01-01T00:00:00.000Z';

/** An old order of one product. The load names it by its number. */
const buildOrder = (number: number, ofBuyers: number): Order => {
  const lines = [{ sku: `sku-${number % products}`, quantity: 1, unitPrice }];

  return {
    orderId: `order-${number}`,
    userId: `buyer-${number % ofBuyers}`,
    status: 'PENDING_PAYMENT',
    lines,
    subtotal: unitPrice,
    discount: 0,
    total: unitPrice,
    currency,
    requestHash: requestHashOf({ lines }),
    expiresAt: '2099-01-01T00:00:00.000Z',
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
};

const buildBalances = (ofBuyers: number) =>
  Array.from({ length: ofBuyers }, (_, number) => ({
    userId: `buyer-${number}`,
    currency,
    available: largeAmount,
    held: 0,
    spent: 0,
    deposited: largeAmount,
  }));

const allProducts = Array.from({ length: products }, (_, number) => ({
  sku: `sku-${number}`,
  name: 'Green tea, 50 g',
  unitPrice,
  currency,
  available: largeAmount,
  reserved: 0,
  sold: 0,
  received: largeAmount,
}));

export interface ShopTables {
  readonly balances: string;
  readonly products: string;
  readonly orders: string;
}

/** Fills the tables with buyers, products and payable orders. */
export const fillShop = async (
  db: Db,
  tables: ShopTables,
  { orders, buyers: ofBuyers = buyers }: { readonly orders: number; readonly buyers?: number },
): Promise<void> => {
  await putAll(db, tables.balances, buildBalances(ofBuyers));
  await putAll(db, tables.products, allProducts);
  await putAll(
    db,
    tables.orders,
    Array.from({ length: orders }, (_, number) => buildOrder(number, ofBuyers)),
  );
};

/** Creates and fills the tables. */
export const createShop = async (
  db: Db,
  tables: Deployment['tables'],
  orders: number,
): Promise<void> => {
  await createTables(db, tables);
  await fillShop(db, { balances: 'Balances', products: 'Products', orders: 'Orders' }, { orders });
};
