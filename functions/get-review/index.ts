import { httpHandler } from '../../shared/http/http-handler.ts';
import { compensationsIn } from '../../shared/persistence/compensation-repository.ts';
import { ordersIn } from '../../shared/persistence/order-repository.ts';
import { paymentsIn } from '../../shared/persistence/payment-repository.ts';
import { refundsIn } from '../../shared/persistence/refund-repository.ts';
import { reviewsIn } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { getReview } from './handler.ts';
import { evidenceIn } from './read-evidence.ts';

const stores = storesFromEnv({
  reviews: reviewsIn,
  payments: paymentsIn,
  orders: ordersIn,
  compensations: compensationsIn,
  refunds: refundsIn,
});

export const handler = httpHandler(getReview({ ...stores, gather: evidenceIn(stores) }));
