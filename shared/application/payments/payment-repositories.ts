import type { Database } from '../../config/platform.ts';
import type { BalanceRepository } from '../../persistence/balance-repository.ts';
import type { OrderRepository } from '../../persistence/order-repository.ts';
import type { PaymentRepository } from '../../persistence/payment-repository.ts';
import type { ProductRepository } from '../../persistence/product-repository.ts';

/** The four repositories that a payment writes to, and the client for transactions over them. */
export interface PaymentRepositories {
  readonly db: Database;
  readonly orders: OrderRepository;
  readonly payments: PaymentRepository;
  readonly balances: BalanceRepository;
  readonly products: ProductRepository;
}
