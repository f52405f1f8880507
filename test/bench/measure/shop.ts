import { requestHashOf } from '../../../shared/data/keys.ts';
import type { Order } from '../../../shared/domain/order.ts';
import { createTables, putAll } from '../database/tables.ts';
import type { Plan } from '../host/plan.ts';

type Db = Parameters<typeof putAll>[0];

/** So many of each that no two requests at a time meet often, as in a shop with many buyers and goods. */
export const buyers = 1_000;
const products = 1_000;

const currency = 'KRW';
const unitPrice = 3_500;
const plenty = 1_000_000_000;
const at = '2026-01-01T00:00:00.000Z';

/** An order of one product, placed long ago. The load names it by its number. */
const numbered = (number: number): Order => {
  const lines = [{ sku: `sku-${number % products}`, quantity: 1, unitPrice }];

  return {
    orderId: `order-${number}`,
    userId: `buyer-${number % buyers}`,
    status: 'PENDING_PAYMENT',
    lines,
    subtotal: unitPrice,
    discount: 0,
    total: unitPrice,
    currency,
    requestHash: requestHashOf({ lines }),
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
};

const everyone = Array.from({ length: buyers }, (_, number) => ({
  userId: `buyer-${number}`,
  currency,
  available: plenty,
  held: 0,
  spent: 0,
  deposited: plenty,
}));

const everything = Array.from({ length: products }, (_, number) => ({
  sku: `sku-${number}`,
  name: 'Green tea, 50 g',
  unitPrice,
  currency,
  available: plenty,
  reserved: 0,
  sold: 0,
  received: plenty,
}));

/** Fills new tables with buyers, goods, and orders to be paid. */
export const openShop = async (db: Db, tables: Plan['tables'], orders: number): Promise<void> => {
  await createTables(db, tables);
  await putAll(db, 'Balances', everyone);
  await putAll(db, 'Products', everything);
  await putAll(
    db,
    'Orders',
    Array.from({ length: orders }, (_, number) => numbered(number)),
  );
};
