import type { Database } from '../../../shared/config/platform.ts';
import { createBalanceRepository } from '../../../shared/persistence/balance-repository.ts';
import { createCompensationRepository } from '../../../shared/persistence/compensation-repository.ts';
import { createCouponRepository } from '../../../shared/persistence/coupon-repository.ts';
import { createOrderRepository } from '../../../shared/persistence/order-repository.ts';
import { createPaymentRepository } from '../../../shared/persistence/payment-repository.ts';
import { createProductRepository } from '../../../shared/persistence/product-repository.ts';
import { createRefundRepository } from '../../../shared/persistence/refund-repository.ts';
import { createReviewRepository } from '../../../shared/persistence/review-repository.ts';

/** The repositories of a payment over tables that have the name of their items, such as 'Orders'. */
export const createMemoryRepositories = (db: Database) => ({
  db,
  orders: createOrderRepository(db, 'Orders'),
  payments: createPaymentRepository(db, 'Payments'),
  refunds: createRefundRepository(db, 'Refunds'),
  reviews: createReviewRepository(db, 'Reviews'),
  balances: createBalanceRepository(db, 'Balances'),
  products: createProductRepository(db, 'Products'),
  coupons: createCouponRepository(db, 'Coupons'),
  compensations: createCompensationRepository(db, 'Compensations'),
});
