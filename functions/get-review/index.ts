import { compensationsIn } from '../../shared/data/compensations.ts';
import { ordersIn } from '../../shared/data/orders.ts';
import { paymentsIn } from '../../shared/data/payments.ts';
import { refundsIn } from '../../shared/data/refunds.ts';
import { reviewsIn } from '../../shared/data/reviews.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { evidenceIn } from './evidence.ts';
import { getReview } from './handler.ts';

const stores = storesFromEnv({
  reviews: reviewsIn,
  payments: paymentsIn,
  orders: ordersIn,
  compensations: compensationsIn,
  refunds: refundsIn,
});

export const handler = httpHandler(getReview({ ...stores, gather: evidenceIn(stores) }));
