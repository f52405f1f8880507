import type { Database } from '../../shared/config/platform.ts';
import { canarySku } from '../../shared/domain/canary.ts';
import { noCurrency } from '../../shared/domain/money.ts';
import type { Product } from '../../shared/domain/orders/order.ts';
import { putIfAbsent } from '../../shared/persistence/dynamodb/expressions.ts';
import { writeItem } from '../../shared/persistence/dynamodb/write-item.ts';

const units = 1_000_000_000;

/** The role of the function may write this item of the catalogue only. It costs nothing, so its orders hold no balance and charge no card. */
const product: Product = {
  sku: canarySku,
  name: 'Canary order',
  unitPrice: 0,
  currency: noCurrency,
  available: units,
  reserved: 0,
  sold: 0,
  received: units,
};

/** Puts the product unless it is in the catalogue. */
export const createEnsureProduct = (db: Database, table: string) => () =>
  writeItem(db, putIfAbsent({ table, item: product, id: 'sku' }));
