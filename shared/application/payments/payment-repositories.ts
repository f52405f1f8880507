import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Balances } from '../../persistence/balance-repository.ts';
import type { Orders } from '../../persistence/order-repository.ts';
import type { Payments } from '../../persistence/payment-repository.ts';
import type { Products } from '../../persistence/product-repository.ts';

/** The four books that a payment moves, and the client that writes to all of them at once. */
export interface Books {
  readonly db: DynamoDBDocumentClient;
  readonly orders: Orders;
  readonly payments: Payments;
  readonly balances: Balances;
  readonly products: Products;
}
