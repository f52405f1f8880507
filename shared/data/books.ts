import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Balances } from './balances.ts';
import type { Orders } from './orders.ts';
import type { Payments } from './payments.ts';
import type { Products } from './products.ts';

/** The four books that a payment moves, and the client that writes to all of them at once. */
export interface Books {
  readonly db: DynamoDBDocumentClient;
  readonly orders: Orders;
  readonly payments: Payments;
  readonly balances: Balances;
  readonly products: Products;
}
